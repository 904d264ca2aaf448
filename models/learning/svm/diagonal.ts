import type { Rows } from '../../rows.ts';
import type { TrainingKernel } from './training-kernel.ts';

/** k(row, row), row by row. */
export function diagonalOf(rows: Rows, kernel: TrainingKernel): Float64Array {
  if (kernel.type === 'rbf') return new Float64Array(rows.count).fill(1);
  const squares = squaredNorms(rows);
  return kernel.type === 'linear'
    ? squares
    : squares.map((square) => (kernel.gamma * square + kernel.coef0) ** kernel.degree);
}

/** The power of two next above the greatest value. */
export function unitOf(diagonal: Float64Array): number {
  const greatest = diagonal.reduce((most, value) => Math.max(most, value), 0);
  return greatest > 0 && Number.isFinite(greatest) ? 2 ** Math.ceil(Math.log2(greatest)) : 1;
}

function squaredNorms({ count, width, values }: Rows): Float64Array {
  const squares = new Float64Array(count);
  for (let at = 0, row = 0; row < count; row++) {
    let sum = 0;
    for (let k = 0; k < width; k++, at++) sum += (values[at] as number) ** 2;
    squares[row] = sum;
  }
  return squares;
}
