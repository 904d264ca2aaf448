import { openKernels } from '../../kernels/open.ts';
import { regions } from '../../kernels/regions.ts';
import { type Design, PANEL, seen } from './design.ts';

/** Positions of columns of a design, ascending; `width` is the intercept's. */
export type Columns = Int32Array;

/**
 * The Hessian of the loss at the probabilities of the design, over some columns of every vector: `[vectors * columns]` squared,
 * both triangles. Softmax has -p_k p_l x x' between two classes, and what makes lines of blocks sum to zero within one.
 */
export function columnCurvature(design: Design, columns: Columns): Float64Array {
  const { vectors, count } = design;
  const size = columns.length;
  const n = vectors * size;
  const hessian = new Float64Array(n * n);
  const p = seen(design, 'probabilities', vectors * count);
  const gram = gramOf(design, columns);
  const add = (k: number, l: number, sign: number, square: Gram): void => {
    for (let i = 0; i < size; i++) {
      const line = (k * size + i) * n + l * size;
      for (let j = 0; j < size; j++) hessian[line + j] = (hessian[line + j] as number) + sign * square.at(i, j);
    }
  };
  if (vectors === 1)
    add(
      0,
      0,
      1,
      gram((row) => (p[row] as number) * (1 - (p[row] as number))),
    );
  for (let k = 0; k < vectors; k++) {
    for (let l = k + 1; l < vectors; l++) {
      const square = gram((row) => (p[k * count + row] as number) * (p[l * count + row] as number));
      add(k, k, 1, square);
      add(l, l, 1, square);
      add(k, l, -1, square);
      add(l, k, -1, square);
    }
  }
  return hessian;
}

interface Gram {
  at(i: number, j: number): number;
}

/** sum of count share x x' over these columns, by the share of each row. */
function gramOf(design: Design, columns: Columns): (share: (row: number) => number) => Gram {
  const { doubles, at, count, stride } = design;
  const size = columns.length;
  const wide = Math.ceil(size / 4) * 4;
  const plan = regions({
    plain: 8 * PANEL * wide,
    scaled: 8 * PANEL * wide,
    scales: 8 * PANEL,
    none: 8 * wide,
    square: 8 * wide * wide,
  });
  const kernels = openKernels(plan.bytes);
  const own = new Float64Array(kernels.memory);
  const [plain, scales, into] = [plan.at.plain / 8, plan.at.scales / 8, plan.at.square / 8];
  const square = own.subarray(into, into + wide * wide);
  return (share) => {
    square.fill(0);
    for (let start = 0; start < count; start += PANEL) {
      const held = Math.min(PANEL, count - start);
      for (let r = 0; r < held; r++) {
        const from = at.rows / 8 + (start + r) * stride;
        for (let i = 0; i < size; i++) own[plain + r * wide + i] = doubles[from + (columns[i] as number)] as number;
        own[scales + r] = (doubles[at.counts / 8 + start + r] as number) * share(start + r);
      }
      kernels.pack(plan.at.plain, held, wide, plan.at.none, plan.at.scales, plan.at.scaled, wide);
      kernels.addCrossProducts(plan.at.scaled, wide, plan.at.plain, wide, held, plan.at.square, 1);
    }
    return { at: (i, j) => square[i < j ? i * wide + j : j * wide + i] as number };
  };
}
