import type { Rows } from '../../rows.ts';
import type { TrainingKernel } from './training-kernel.ts';

/**
 * How rows are told in float32: value k of one becomes scale (value - shift[k]), and the kernel of two of them, in units of
 * the matrix, has the numbers of `kernel`.
 */
export interface FloatRows {
  readonly shift: Float64Array;
  readonly scale: number;
  /** Type, gamma, coef0 and degree, as the kernels have them. */
  readonly kernel: readonly number[];
  /** About how far off a value of the kernel may be. */
  readonly rounding: number;
}

/** Half a unit in the last place of 1. */
const HALF_ULP = 2 ** -24;

/**
 * Distances do not change where rows are shifted to their mean, and then lose least by rounding. Products are scaled so that
 * none overflows.
 */
export function floatRows(rows: Rows, kernel: TrainingKernel, unit: number): FloatRows {
  const root = Math.sqrt(rows.width);
  if (kernel.type === 'rbf') {
    const [shift, scale] = [meansOf(rows), Math.sqrt(kernel.gamma)];
    const longest = scale * Math.sqrt(greatestSquare(rows, shift));
    return { shift, scale, kernel: [1, 1, 0, 0], rounding: HALF_ULP * (2 + root / 2 + longest) };
  }
  const shift = new Float64Array(rows.width);
  const length = Math.sqrt(greatestSquare(rows, shift)) || 1;
  const [scale, square] = [1 / length, length * length];
  if (kernel.type === 'linear') {
    return { shift, scale, kernel: [2, square / unit, 0, 1], rounding: HALF_ULP * (2 + root / 2) };
  }
  const { gamma, coef0, degree } = kernel;
  const part = unit ** (1 / Math.max(1, degree));
  const rounding = HALF_ULP * (2 + (root / 2) * degree);
  return { shift, scale, kernel: [2, (gamma * square) / part, coef0 / part, degree], rounding };
}

function meansOf({ count, width, values }: Rows): Float64Array {
  const means = new Float64Array(width);
  for (let at = 0, row = 0; row < count; row++) {
    for (let k = 0; k < width; k++, at++) means[k] = (means[k] as number) + (values[at] as number) / count;
  }
  return means;
}

function greatestSquare({ count, width, values }: Rows, shift: Float64Array): number {
  let greatest = 0;
  for (let at = 0, row = 0; row < count; row++) {
    let square = 0;
    for (let k = 0; k < width; k++, at++) square += ((values[at] as number) - (shift[k] as number)) ** 2;
    greatest = Math.max(greatest, square);
  }
  return greatest;
}
