import type { Rows } from '../rows.ts';
import type { Kernels } from './kernels.ts';
import { openKernels } from './open.ts';
import { regions } from './regions.ts';

export interface CrossOptions {
  /** W, one a row, of any sign; 1 where absent. */
  readonly weights?: Float64Array | undefined;
  /** Taken from every row of X first, as its means are to centre it. */
  readonly shift?: Float64Array | undefined;
}

/** X'WX, `width * width` values, both triangles. Rows pass in panels: the memory does not grow with their number. */
export function gramMatrix(rows: Rows, options: CrossOptions = {}, open = openKernels): Float64Array {
  const gram = crossProducts(rows, rows, options, open);
  const { width } = rows;
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) gram[i * width + j] = gram[j * width + i] as number;
  return gram;
}

/**
 * X'WY, `left.width * right.width` values row by row, of X = `left` less the shift and Y = `right` as it is. Of a matrix
 * with itself, both less the shift, only the upper triangle counts.
 */
export function crossProducts(
  left: Rows,
  right: Rows,
  { weights, shift }: CrossOptions = {},
  open: (bytes: number) => Kernels = openKernels,
): Float64Array {
  const isGram = left === right;
  const [leftStride, rightStride] = [strideOf(left.width), strideOf(right.width)];
  const { at, bytes } = regions({
    from: 8 * PANEL * Math.max(left.width, right.width),
    shift: 8 * left.width,
    none: 8 * right.width,
    scales: 8 * PANEL,
    ones: 8 * PANEL,
    left: 8 * PANEL * leftStride,
    right: 8 * PANEL * rightStride,
    into: 8 * leftStride * rightStride,
  });
  const kernels = open(bytes);
  const doubles = new Float64Array(kernels.memory);
  const put = (values: ArrayLike<number>, address: number): void => doubles.set(values, address / 8);
  doubles.fill(1, at.ones / 8, at.ones / 8 + PANEL);
  if (shift) put(shift, at.shift);
  for (let start = 0; start < left.count; start += PANEL) {
    const rows = Math.min(PANEL, left.count - start);
    if (weights) put(weights.subarray(start, start + rows), at.scales);
    put(panelOf(left, start, rows), at.from);
    kernels.pack(at.from, rows, left.width, at.shift, weights ? at.scales : at.ones, at.left, leftStride);
    // The same panel serves as both sides where nothing tells them apart.
    const same = isGram && !weights;
    if (!isGram) put(panelOf(right, start, rows), at.from);
    if (!same) kernels.pack(at.from, rows, right.width, isGram ? at.shift : at.none, at.ones, at.right, rightStride);
    kernels.addCrossProducts(
      at.left,
      leftStride,
      same ? at.left : at.right,
      rightStride,
      rows,
      at.into,
      isGram ? 1 : 0,
    );
  }
  const result = new Float64Array(left.width * right.width);
  for (let i = 0; i < left.width; i++) {
    const line = at.into / 8 + i * rightStride;
    result.set(doubles.subarray(line, line + right.width), i * right.width);
  }
  return result;
}

/** Rows a panel: few enough to stay in the first cache with one tile's columns. */
const PANEL = 64;

const strideOf = (width: number): number => Math.ceil(width / 4) * 4;

const panelOf = ({ width, values }: Rows, start: number, rows: number): Float64Array =>
  values.subarray(start * width, (start + rows) * width);
