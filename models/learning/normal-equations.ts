import { openKernels } from '../kernels/open.ts';
import { regions } from '../kernels/regions.ts';
import type { Rows } from '../rows.ts';
import { requireTargets } from './training-refused.ts';

/** X'X and X'y of centred columns and targets, each row with its weight. */
export interface NormalEquations {
  readonly width: number;
  /** `gram[i * width + j]`, both triangles. */
  readonly gram: Float64Array;
  readonly products: Float64Array;
  /** Sum of squares of the centred targets. */
  readonly squares: number;
  /** Sum of the weights; the number of rows where there are none. */
  readonly total: number;
  readonly means: Float64Array;
  readonly mean: number;
}

interface Sample {
  readonly rows: Rows;
  readonly targets: Float64Array;
  readonly weights: Float64Array | undefined;
}

/**
 * One pass over the rows: columns are moved near their means by what a few rows say of them, and the sums of the moved
 * columns tell how far that was. Where it was too far, a second pass moves them by the means themselves.
 * @throws TrainingRefused where there are no rows, or not one target a row
 */
export function normalEquations(rows: Rows, targets: Float64Array, weights?: Float64Array): NormalEquations {
  requireTargets(rows, targets);
  const sample = { rows, targets, weights };
  const first = momentsAround(sample, roughMeans(sample));
  return centred(isNear(first) ? first : momentsAround(sample, first.means));
}

/** Z'WZ of the rows z = (x, y, 1) less a shift of x and y. */
interface Moments {
  readonly size: number;
  readonly stride: number;
  /** `[size][stride]`, the upper triangle. */
  readonly products: Float64Array;
  readonly means: Float64Array;
}

/** Rows that a first guess of the means is taken from. */
const ROUGH = 1_000;

function roughMeans({ rows, targets }: Sample): Float64Array {
  const { count, width, values } = rows;
  const step = Math.max(1, Math.floor(count / ROUGH));
  const sums = new Float64Array(width + 1);
  let seen = 0;
  for (let row = 0; row < count; row += step, seen++) {
    for (let k = 0; k < width; k++) sums[k] = (sums[k] as number) + (values[row * width + k] as number);
    sums[width] = (sums[width] as number) + (targets[row] as number);
  }
  return sums.map((sum) => sum / seen);
}

/** Rows a panel: few enough to stay in the first cache with one tile's columns. */
const PANEL = 64;

function momentsAround({ rows, targets, weights }: Sample, shift: Float64Array): Moments {
  const { count, width, values } = rows;
  const size = width + 2;
  const stride = Math.ceil(size / 4) * 4;
  const { at, bytes } = regions({
    from: 8 * PANEL * width,
    shift: 8 * width,
    roots: 8 * PANEL,
    panel: 8 * PANEL * stride,
    into: 8 * stride * stride,
  });
  const kernels = openKernels(bytes);
  const doubles = new Float64Array(kernels.memory);
  doubles.set(shift.subarray(0, width), at.shift / 8);
  const roots = doubles.subarray(at.roots / 8, at.roots / 8 + PANEL).fill(1);
  for (let start = 0; start < count; start += PANEL) {
    const held = Math.min(PANEL, count - start);
    if (weights) for (let r = 0; r < held; r++) roots[r] = Math.sqrt(weights[start + r] as number);
    doubles.set(values.subarray(start * width, (start + held) * width), at.from / 8);
    kernels.pack(at.from, held, width, at.shift, at.roots, at.panel, stride);
    for (let r = 0, place = at.panel / 8 + width; r < held; r++, place += stride) {
      doubles[place] = (roots[r] as number) * ((targets[start + r] as number) - (shift[width] as number));
      doubles[place + 1] = roots[r] as number;
    }
    kernels.addCrossProducts(at.panel, stride, at.panel, stride, held, at.into, 1);
  }
  const products = doubles.slice(at.into / 8, at.into / 8 + stride * stride);
  const total = products[(width + 1) * stride + width + 1] as number;
  const means = shift.map((value, k) => value + (products[k * stride + width + 1] as number) / total);
  return { size, stride, products, means };
}

/** Whether taking the squares of the means from the squares costs no more than a bit. */
function isNear({ size, stride, products }: Moments): boolean {
  const total = products[(size - 1) * (stride + 1)] as number;
  for (let k = 0; k < size - 1; k++) {
    const sum = products[k * stride + size - 1] as number;
    if ((sum * sum) / total > (products[k * (stride + 1)] as number) / 2) return false;
  }
  return true;
}

function centred({ size, stride, products, means }: Moments): NormalEquations {
  const [width, last] = [size - 2, size - 1];
  const total = products[last * (stride + 1)] as number;
  const sum = (k: number): number => products[k * stride + last] as number;
  const entry = (i: number, j: number): number => (products[i * stride + j] as number) - (sum(i) * sum(j)) / total;
  const gram = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) gram[i * width + j] = gram[j * width + i] = entry(i, j);
    // What rounding leaves of a constant column.
    if ((gram[i * width + i] as number) < 0) gram[i * width + i] = 0;
  }
  return {
    width,
    gram,
    products: Float64Array.from({ length: width }, (_, k) => entry(k, width)),
    squares: Math.max(0, entry(width, width)),
    total,
    means: means.subarray(0, width),
    mean: means[width] as number,
  };
}

/** The intercept with which the fit goes through the means. */
export const interceptOf = ({ means, mean }: NormalEquations, coefficients: ArrayLike<number>): number =>
  means.reduce((rest, value, k) => rest - value * (coefficients[k] as number), mean);

/** Sum of squared residuals of these coefficients. Rounding may leave a little less than nothing. */
export function residualSquares({ width, gram, products, squares }: NormalEquations, w: ArrayLike<number>): number {
  let sum = squares;
  for (let i = 0; i < width; i++) {
    let fitted = 0;
    for (let j = 0; j < width; j++) fitted += (gram[i * width + j] as number) * (w[j] as number);
    sum += (w[i] as number) * (fitted - 2 * (products[i] as number));
  }
  return Math.max(0, sum);
}
