import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../../models/learning/least-squares.ts';
import { TrainingRefused } from '../../../models/learning/training-refused.ts';
import { expectClose } from '../../closeness.ts';
import { rowsOf } from '../../rows.ts';
import { randomTable, seeded } from '../../seeded.ts';

const targetsOf = (table: number[][], weights: number[], intercept: number): Float64Array =>
  Float64Array.from(table, (row) => row.reduce((sum, x, i) => sum + x * (weights[i] ?? 0), intercept));

describe('least squares', () => {
  it('recovers the coefficients that made the data', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 8 }), (seed, width) => {
        const table = randomTable(seed, 3 * width + 5, width);
        const [weights = []] = randomTable(seed + 1, 1, width);
        const fit = leastSquares(rowsOf(table), targetsOf(table, weights, 7));
        expectClose(fit.coefficients, weights);
        expectClose(fit.intercept, 7);
        expect(fit.rank).toBe(width);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps nine digits where columns differ by a factor of a million and lie far from zero', () => {
    const table = randomTable(5, 60, 3).map(([a = 0, b = 0, c = 0]) => [1e4 + a, 1e-3 * b, 1e3 * c - 1e5]);
    const fit = leastSquares(rowsOf(table), targetsOf(table, [2, -3000, 0.01], 5));
    expectClose(fit.coefficients, [2, -3000, 0.01]);
  });

  it('keeps nine digits of columns that nearly say the same', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: -5, max: -1, noNaN: true }), (seed, power) => {
        const table = randomTable(seed, 80, 3).map(([a = 0, b = 0, c = 0]) => [a, a + 10 ** power * b, c]);
        const fit = leastSquares(rowsOf(table), targetsOf(table, [1, 2, 3], 4));
        expectClose(fit.coefficients, [1, 2, 3]);
        expect(fit.rank).toBe(3);
      }),
      { numRuns: 50 },
    );
  });

  it('centres columns whose first rows lie elsewhere', () => {
    const table = randomTable(8, 4_001, 2).map(([a = 0, b = 0], row) => [a + (row % 4 === 0 ? 0 : 1e6), b]);
    const fit = leastSquares(rowsOf(table), targetsOf(table, [3, -2], 5));
    expectClose(fit.coefficients, [3, -2]);
    expectClose(fit.intercept, 5, 1e-3);
  });

  it('counts a row of weight 3 as three rows', () => {
    const table = randomTable(9, 30, 3);
    const next = seeded(10);
    const targets = targetsOf(table, [1, 2, 3], 4).map((value) => value + next());
    const times = (row: number): number => 1 + (row % 3);
    const repeated = table.flatMap((row, i) => new Array<number[]>(times(i)).fill(row));
    const fit = leastSquares(
      rowsOf(table),
      targets,
      Float64Array.from(table, (_, row) => times(row)),
    );
    const expected = leastSquares(
      rowsOf(repeated),
      Float64Array.from(table.flatMap((_, i) => new Array<number>(times(i)).fill(targets[i] ?? 0))),
    );
    expectClose(fit.coefficients, expected.coefficients);
    expectClose(fit.intercept, expected.intercept);
    expectClose(fit.objective, expected.objective);
  });

  it('leaves residuals that no column explains', () => {
    const next = seeded(3);
    const table = randomTable(4, 50, 4);
    const targets = targetsOf(table, [1, 2, 3, 4], 5).map((value) => value + next());
    const { coefficients, intercept } = leastSquares(rowsOf(table), targets);
    const fitted = targetsOf(table, [...coefficients], intercept);
    const residuals = fitted.map((value, i) => (targets[i] ?? 0) - value);
    for (const column of [0, 1, 2, 3]) {
      expectClose(
        residuals.reduce((sum, r, i) => sum + r * (table[i]?.[column] ?? 0), 0),
        0,
        1e-12,
      );
    }
    expectClose(
      residuals.reduce((sum, r) => sum + r, 0),
      0,
      1e-12,
    );
  });

  it('takes the least norm where columns say the same, and reports the rank', () => {
    // y = 6 a + 1 with b = a and c constant: 3 a + 3 b is the shortest way to say it.
    const table = randomTable(6, 20, 1).map(([a = 0]) => [a, a, 4]);
    const fit = leastSquares(rowsOf(table), targetsOf(table, [6, 0, 0], 1));
    expectClose(fit.coefficients, [3, 3, 0]);
    expectClose(fit.intercept, 1);
    expect(fit.rank).toBe(1);
  });

  it('gives the levels of a one-hot column coefficients that sum to zero', () => {
    const table = Array.from({ length: 12 }, (_, i) => [0, 1, 2].map((level) => Number(i % 3 === level)));
    const fit = leastSquares(rowsOf(table), targetsOf(table, [1, 2, 6], 0));
    expectClose(fit.coefficients, [-2, -1, 3]);
    expectClose(fit.intercept, 3);
    expect(fit.rank).toBe(2);
  });

  it('fits fewer rows than columns, with the least norm', () => {
    const fit = leastSquares(rowsOf([[1, 1, 0], [-1, -1, 0]]), Float64Array.of(3, -1)); // biome-ignore format: a table
    expectClose(fit.coefficients, [1, 1, 0]);
    expectClose(fit.intercept, 1);
    expect(fit.rank).toBe(1);
  });

  it('answers the mean where there is nothing else to say', () => {
    expect(leastSquares(rowsOf([[2]]), Float64Array.of(5))).toEqual({
      coefficients: [0],
      intercept: 5,
      rank: 0,
      objective: 0,
    });
  });

  it('refuses no rows, and targets that do not match', () => {
    expect(() => leastSquares(rowsOf([], 2), new Float64Array())).toThrow(TrainingRefused);
    expect(() => leastSquares(rowsOf([[1]]), Float64Array.of(1, 2))).toThrow('targets must hold 1, one a row, got 2');
  });
});
