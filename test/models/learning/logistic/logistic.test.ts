import { describe, expect, it } from 'vitest';
import { readSplit } from '../../../../examples/diagnosis/example.ts';
import { logisticRegression } from '../../../../models/learning/logistic/logistic.ts';
import { expectClose } from '../../../closeness.ts';
import { standardised } from '../../../prepared.ts';
import { referenceJson } from '../../../reference.ts';
import { preparedBy, referenceTable } from '../../../reference-table.ts';
import { rowsOf } from '../../../rows.ts';
import { randomTable, seeded } from '../../../seeded.ts';

interface Fit {
  readonly coef: number[][];
  readonly intercept: number[];
  readonly objective: number;
}

async function iris() {
  const { train } = await referenceTable('iris');
  return { rows: preparedBy('none', train), classes: Int32Array.from(train.targets) };
}

describe.each([
  ['breast_cancer', 2, (await readSplit()).train],
  ['iris', 3, await iris()],
] as const)('logistic regression on %s', (name, classes, train) => {
  const { models } = referenceJson<{ models: Record<string, Fit> }>(`results/${name}.json`);

  it.each([
    ['raw', train.rows],
    ['standardised', standardised(train.rows)],
  ])('reaches the optimum on %s columns', (columns, rows) => {
    const exact = models[`LogisticRegression_C1_${columns}_EXACT_newton`] as Fit;
    const fit = logisticRegression(rows, train.classes, { classes, C: 1 });
    expect(fit.converged).toBe(true);
    expect(fit.objective - exact.objective).toBeLessThanOrEqual(1e-8);
    expectClose(fit.objective, exact.objective, 1e-12);
    expectClose(fit.coefficients, exact.coef);
    expectClose(fit.intercept, exact.intercept);
  });
});

describe('logistic regression', () => {
  it('lets many intercepts sum to zero', async () => {
    const { rows, classes } = await iris();
    const { intercept } = logisticRegression(rows, classes, { classes: 3, C: 0.1 });
    expectClose(
      intercept.reduce((sum, b) => sum + b, 0),
      0,
      1e-12,
    );
  });

  it('recovers the coefficients that made the data, up to sampling noise', () => {
    const next = seeded(11);
    const table = randomTable(12, 20_000, 2);
    const truth = ([a = 0, b = 0]: number[]) => 1 / (1 + Math.exp(-(2 * a - b + 0.5)));
    const targets = Int32Array.from(table, (row) => Number(next() < truth(row)));
    const fit = logisticRegression(rowsOf(table), targets, { classes: 2, C: 1e6 });
    expectClose([...(fit.coefficients[0] ?? []), ...fit.intercept], [2, -1, 0.5], 0.1);
  });

  it('stays finite on classes that a line separates', () => {
    const fit = logisticRegression(rowsOf([[-1], [-2], [1], [3]]), Int32Array.of(0, 0, 1, 1), { classes: 2, C: 1e4 });
    expect(fit.converged).toBe(true);
    // At the optimum the penalty's slope is the loss's: w = C sum of (truth - p) x.
    const [w = 0] = fit.coefficients[0] ?? [];
    const [b = 0] = fit.intercept;
    const p = (x: number) => 1 / (1 + Math.exp(-(w * x + b)));
    expectClose(1e4 * (p(-1) + 2 * p(-2) + (1 - p(1)) + 3 * (1 - p(3))), w, 1e-6);
  });

  it('lets two classes of a softmax be one sigmoid’s equal in all but the penalty', () => {
    const rows = rowsOf(randomTable(13, 40, 2));
    const targets = Int32Array.from({ length: 40 }, (_, i) => Number((rows.values[2 * i] ?? 0) > 0.3 * (i % 3)));
    const fit = logisticRegression(rows, targets, { classes: 2, C: 1 });
    const flipped = logisticRegression(
      rows,
      targets.map((k) => 1 - k),
      { classes: 2, C: 1 },
    );
    expectClose(
      flipped.coefficients.flat().map((w) => -w),
      fit.coefficients.flat(),
    );
    expectClose(-(flipped.intercept[0] ?? 0), fit.intercept[0] ?? 0);
  });

  it.each([
    ['a class without rows', [0, 0, 0], { classes: 2, C: 1 }, 'targets must hold a row of class 1'],
    ['a class beyond the last', [0, 1, 2], { classes: 2, C: 1 }, 'targets must be classes from 0 to 1, got 2'],
    ['one class', [0, 0, 0], { classes: 1, C: 1 }, 'classes must be at least 2, got 1'],
    ['C = 0', [0, 1, 0], { classes: 2, C: 0 }, 'C must be > 0, got 0'],
    ['C = NaN', [0, 1, 0], { classes: 2, C: Number.NaN }, 'C must be > 0, got NaN'],
    ['too few targets', [0, 1], { classes: 2, C: 1 }, 'targets must hold 3, one a row, got 2'],
  ])('refuses %s', (_, targets, options, message) => {
    expect(() => logisticRegression(rowsOf([[1], [2], [3]]), Int32Array.from(targets), options)).toThrow(message);
  });
});
