import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logisticRegression } from '../../../../models/learning/logistic/logistic.ts';
import { expectClose } from '../../../closeness.ts';
import { rowsOf } from '../../../rows.ts';
import { randomTable, seeded } from '../../../seeded.ts';
import { lossOf } from './optimality.ts';

/** Classes that the first columns decide, with noise; every class has a row. */
function problemOf(seed: number, classes: number, width: number, count: number) {
  const next = seeded(seed + 1);
  const table = randomTable(seed, count, width);
  const targets = Int32Array.from(table, (row, i) => {
    if (i < classes) return i;
    const score = (row[0] as number) + (row[1] ?? 0) / 2 + 2 * next() - 1;
    return Math.min(classes - 1, Math.max(0, Math.floor(((score + 1.5) / 3) * classes)));
  });
  const weights = Float64Array.from(table, () => 0.5 + next());
  return { rows: rowsOf(table, width), targets, weights };
}

const problems = fc.record({
  seed: fc.nat(1_000_000),
  classes: fc.integer({ min: 2, max: 4 }),
  width: fc.integer({ min: 1, max: 9 }),
  count: fc.integer({ min: 20, max: 150 }),
  C: fc.constantFrom(0.03, 0.3, 1, 10),
});

describe('the optimum of logistic regression by its definition', () => {
  it('l2: the slopes of the loss are those of the penalty', () => {
    fc.assert(
      fc.property(problems, ({ seed, classes, width, count, C }) => {
        const { rows, targets, weights } = problemOf(seed, classes, width, count);
        const fit = logisticRegression(rows, targets, { classes, C, weights });
        const { loss, slopes, interceptSlopes } = lossOf(rows, targets, fit, (row) => C * (weights[row] as number));
        expect(fit.converged).toBe(true);
        expectClose(
          slopes,
          fit.coefficients.map((w) => w.map((weight) => -weight)),
          1e-7,
        );
        expectClose(
          interceptSlopes,
          fit.intercept.map(() => 0),
          1e-7,
        );
        const squares = fit.coefficients.flat().reduce((sum, w) => sum + w * w, 0);
        expectClose(fit.objective, loss + squares / 2, 1e-11);
      }),
      { numRuns: 60 },
    );
  });

  it('l1: the slope of the loss is at most 1, and against the sign of a coefficient that is not 0', () => {
    fc.assert(
      fc.property(problems, ({ seed, classes, width, count, C }) => {
        const { rows, targets, weights } = problemOf(seed, classes, width, count);
        const fit = logisticRegression(rows, targets, { classes, C, weights, penalty: 'l1' });
        const { loss, slopes, interceptSlopes } = lossOf(rows, targets, fit, (row) => C * (weights[row] as number));
        expect(fit.converged).toBe(true);
        fit.coefficients.flat().forEach((w, i) => {
          const slope = slopes.flat()[i] as number;
          if (w === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(1 + 1e-6);
          else expectClose(slope, -Math.sign(w), 1e-6);
        });
        expectClose(
          interceptSlopes,
          fit.intercept.map(() => 0),
          1e-6,
        );
        const absolute = fit.coefficients.flat().reduce((sum, w) => sum + Math.abs(w), 0);
        expectClose(fit.objective, loss + absolute, 1e-11);
      }),
      { numRuns: 60 },
    );
  });

  it('none: the loss has no slope', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 2, max: 4 }), (seed, classes) => {
        const { rows, targets } = problemOf(seed, classes, 2, 300);
        const fit = logisticRegression(rows, targets, { classes, C: 1, penalty: 'none' });
        const { loss, slopes, interceptSlopes } = lossOf(rows, targets, fit, () => 1);
        expect(fit.converged).toBe(true);
        expectClose([...slopes.flat(), ...interceptSlopes], new Array(3 * slopes.length).fill(0), 1e-6);
        expectClose(fit.objective, loss, 1e-11);
      }),
      { numRuns: 20 },
    );
  });

  it.each(['l2', 'l1', 'none'] as const)('%s: a row of weight 3 counts as three rows', (penalty) => {
    const { rows, targets } = problemOf(3, 3, 2, 120);
    const times = (row: number): number => 1 + (row % 3);
    const copies = Array.from({ length: rows.count }, (_, row) => new Array<number>(times(row)).fill(row)).flat();
    const repeated = rowsOf(copies.map((row) => Array.from(rows.values.subarray(2 * row, 2 * row + 2))));
    const weights = Float64Array.from({ length: rows.count }, (_, row) => times(row));
    const fit = logisticRegression(rows, targets, { classes: 3, C: 1, penalty, weights });
    const expected = logisticRegression(
      repeated,
      Int32Array.from(copies, (row) => targets[row] as number),
      {
        classes: 3,
        C: 1,
        penalty,
      },
    );
    expectClose(fit.objective, expected.objective, 1e-10);
    expectClose(fit.coefficients, expected.coefficients, 1e-6);
  });
});

describe('the gap', () => {
  it.each(['l2', 'l1'] as const)('bounds what %s lacks where it was stopped early', (penalty) => {
    for (const classes of [2, 4]) {
      const { rows, targets, weights } = problemOf(5, classes, 6, 150);
      const best = logisticRegression(rows, targets, { classes, C: 1, penalty, weights });
      for (let maxIterations = 1; maxIterations < best.iterations; maxIterations++) {
        const fit = logisticRegression(rows, targets, { classes, C: 1, penalty, weights, maxIterations });
        expect(fit.iterations).toBe(maxIterations);
        const lacks = (fit.objective - best.objective) / Math.max(1, fit.objective);
        expect(fit.gap).toBeGreaterThanOrEqual(lacks - 1e-12);
        expect(fit.converged).toBe(fit.gap <= (penalty === 'l2' ? 1e-12 : 1e-10));
      }
      const first = logisticRegression(rows, targets, { classes, C: 1, penalty, weights, maxIterations: 1 });
      expect(first.converged).toBe(false);
    }
  });

  it('ends the iteration where it is below the tolerance', () => {
    const { rows, targets } = problemOf(5, 3, 6, 150);
    const fit = logisticRegression(rows, targets, { classes: 3, C: 1, penalty: 'l1', tolerance: 1e-2 });
    const best = logisticRegression(rows, targets, { classes: 3, C: 1, penalty: 'l1' });
    expect(fit.gap).toBeLessThanOrEqual(1e-2);
    expect(fit.iterations).toBeLessThan(best.iterations);
  });
});

describe('without a penalty', () => {
  const separated = 'penalty must be l2 or l1 here: the features separate classes';

  it.each<[string, number[][], number[]]>([
    ['a line separates them', [[-2], [-1], [1], [2]], [0, 0, 1, 1]],
    ['a line separates them but for rows on it', [[-1], [0], [0], [0], [1]], [0, 0, 1, 0, 1]],
    ['one of three lies apart', [[0], [1], [0], [1], [9], [8]], [0, 1, 1, 0, 2, 2]],
  ])('classes are refused where %s', (_, table, targets) => {
    const classes = new Set(targets).size;
    const fit = () => logisticRegression(rowsOf(table), Int32Array.from(targets), { classes, C: 1, penalty: 'none' });
    expect(fit).toThrow(separated);
  });

  it('columns that say the same share their coefficient', () => {
    const { rows, targets } = problemOf(7, 2, 1, 200);
    const twice = rowsOf(Array.from(rows.values, (x) => [x, x]));
    const one = logisticRegression(rows, targets, { classes: 2, C: 1, penalty: 'none' });
    const two = logisticRegression(twice, targets, { classes: 2, C: 1, penalty: 'none' });
    const half = (one.coefficients[0]?.[0] as number) / 2;
    expectClose(two.coefficients, [[half, half]], 1e-6);
  });
});

describe('many columns', () => {
  it.each([
    [2, 1_300, 'l2'],
    [4, 450, 'l2'],
    [2, 1_300, 'l1'],
  ] as const)('of %i classes, %i columns, %s: the optimum too', (classes, width, penalty) => {
    const { rows, targets } = problemOf(11, classes, width, 150);
    const fit = logisticRegression(rows, targets, { classes, C: 1, penalty });
    const { slopes } = lossOf(rows, targets, fit, () => 1);
    expect(fit.converged).toBe(true);
    if (penalty === 'l2')
      expectClose(
        slopes,
        fit.coefficients.map((w) => w.map((weight) => -weight)),
        1e-5,
      );
    else expect(Math.max(...slopes.flat().map(Math.abs))).toBeLessThanOrEqual(1 + 1e-6);
  });
});
