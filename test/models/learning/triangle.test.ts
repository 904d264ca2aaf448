import { expect, it } from 'vitest';
import { leastSquares } from '../../../models/learning/least-squares.ts';
import { triangleOf } from '../../../models/learning/triangle.ts';
import { expectClose } from '../../closeness.ts';
import { seeded } from '../../seeded.ts';

it('has the products of the columns with each other and with the targets', () => {
  const [rows, size] = [40, 7];
  const next = seeded(3);
  const columns = Float64Array.from({ length: rows * size }, () => next() - 0.5);
  // Two columns that say the same, and one of zeros.
  columns.copyWithin(5 * rows, 0, rows);
  columns.fill(0, 2 * rows, 3 * rows);
  const targets = Float64Array.from({ length: rows }, () => next());
  const { R, targets: turned } = triangleOf(columns.slice(), rows, targets.slice());
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const columnOf = (from: Float64Array, height: number, k: number) => from.subarray(k * height, (k + 1) * height);
  for (let i = 0; i < size; i++) {
    const [before, after] = [columnOf(columns, rows, i), columnOf(R, size, i)];
    expect([...after.subarray(i + 1)].every((value) => value === 0)).toBe(true);
    expectClose(dot(after, turned), dot(before, targets), 1e-13);
    for (let j = 0; j < size; j++)
      expectClose(dot(after, columnOf(R, size, j)), dot(before, columnOf(columns, rows, j)), 1e-13);
  }
});

it('gives dependent columns of a tall table the least norm, whatever their unit', () => {
  const next = seeded(9);
  const count = 4_000;
  const values = new Float64Array(count * 5);
  const targets = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const [a, level] = [next(), row % 3];
    values.set([1e6 * a, Number(level === 0), Number(level === 1), Number(level === 2), 1e6 * a], row * 5);
    targets[row] = 3 * a + level;
  }
  const fit = leastSquares({ count, width: 5, values }, targets);
  expect(fit.rank).toBe(3);
  // 3a is shared by two columns; levels 0, 1, 2 lie around their mean.
  expectClose(fit.coefficients, [1.5e-6, -1, 0, 1, 1.5e-6], 1e-10);
});
