import { expect, it } from 'vitest';
import { crossProducts, gramMatrix } from '../../../models/kernels/cross-products.ts';
import { twinKernels } from '../../../models/kernels/twin/twin.ts';
import { expectClose } from '../../closeness.ts';
import { rowsOf } from '../../rows.ts';
import { randomTable } from '../../seeded.ts';

/** sum over rows of w (x_i - m_i) (y_j - n_j), one entry at a time. */
const expected = (x: number[][], y: number[][], w: number[], m: number[], n: number[]): number[] =>
  m.flatMap((mean, i) =>
    n.map((other, j) =>
      x.reduce(
        (sum, row, r) => sum + (w[r] as number) * ((row[i] as number) - mean) * ((y[r]?.[j] as number) - other),
        0,
      ),
    ),
  );

const shapes = [0, 1, 63, 64, 65, 200].flatMap((count) => [1, 2, 5, 8, 30].map((width) => [count, width] as const));

it.each(shapes)('the Gram matrix of %i rows of %i, plain, weighted and centred', (count, width) => {
  const x = randomTable(1, count, width);
  const rows = rowsOf(x, width);
  const [ones, nothing] = [new Array<number>(count).fill(1), new Array<number>(width).fill(0)];
  const weights = randomTable(2, 1, count)[0] as number[];
  const shift = randomTable(3, 1, width)[0] as number[];
  expectClose(gramMatrix(rows), expected(x, x, ones, nothing, nothing));
  const options = { weights: Float64Array.from(weights), shift: Float64Array.from(shift) };
  expectClose(gramMatrix(rows, options), expected(x, x, weights, shift, shift));
  expect(gramMatrix(rows, options)).toEqual(gramMatrix(rows, options, twinKernels));
});

it.each(shapes)("X'WY of %i rows of %i and 3", (count, width) => {
  const [x, y] = [randomTable(1, count, width), randomTable(4, count, 3)];
  const weights = randomTable(2, 1, count)[0] as number[];
  const shift = randomTable(3, 1, width)[0] as number[];
  const options = { weights: Float64Array.from(weights), shift: Float64Array.from(shift) };
  expectClose(crossProducts(rowsOf(x, width), rowsOf(y, 3), options), expected(x, y, weights, shift, [0, 0, 0]));
});
