import { describe, expect, it } from 'vitest';
import { elasticNet } from '../../../models/learning/elastic-net.ts';
import { ridge } from '../../../models/learning/ridge.ts';
import { expectClose } from '../../closeness.ts';
import { referenceJson } from '../../reference.ts';
import { preparedBy, referenceTable } from '../../reference-table.ts';
import { rowsOf } from '../../rows.ts';

interface Fit {
  readonly coef: number[];
  readonly intercept: number;
}

const penalised = referenceJson<Record<string, Fit>>('results/penalised.json');
const { models } = referenceJson<{ models: Record<string, Fit> }>('results/diabetes_raw.json');
const { train } = await referenceTable('diabetes_raw');
const rows = preparedBy('none', train);
const weights = Float64Array.from({ length: rows.count }, (_, row) => 1 + (row % 3));

describe('ridge regression', () => {
  it('finds what scikit-learn finds', () => {
    const fit = ridge(rows, train.targets, { alpha: 1 });
    expectClose(fit.coefficients, models.Ridge_alpha1?.coef as number[], 1e-8);
    expectClose(fit.intercept, models.Ridge_alpha1?.intercept as number, 1e-8);
  });

  it('counts each row by its weight', () => {
    const fit = ridge(rows, train.targets, { alpha: 10, weights });
    expectClose(fit.coefficients, penalised.ridge_alpha10_weighted?.coef as number[], 1e-8);
  });

  // One column, centred x = -1, 0, 1 and y = -1, 0, 1: w = 2 / (2 + alpha), sum r^2 + alpha w^2 = 2 (1 - w)^2 + alpha w^2.
  it('states its objective', () => {
    const { coefficients, objective } = ridge(rowsOf([[1], [2], [3]]), Float64Array.of(4, 5, 6), { alpha: 2 });
    expectClose(coefficients, [0.5]);
    expectClose(objective, 2 * 0.25 + 2 * 0.25);
  });

  it.each([0, -1, Number.NaN])('refuses alpha %s', (alpha) =>
    expect(() => ridge(rows, train.targets, { alpha })).toThrow('alpha must be > 0'),
  );
});

describe('the elastic net', () => {
  it.each([
    ['lasso_alpha0.1', { alpha: 0.1, l1Ratio: 1 }],
    ['lasso_alpha5', { alpha: 5, l1Ratio: 1 }],
    ['enet_alpha0.5_rho0.3', { alpha: 0.5, l1Ratio: 0.3 }],
    ['lasso_alpha1_weighted', { alpha: 1, l1Ratio: 1, weights }],
  ])('%s is what scikit-learn finds', (name, options) => {
    const fit = elasticNet(rows, train.targets, { ...options, tolerance: 1e-13 });
    expect(fit.converged).toBe(true);
    expectClose(fit.coefficients, penalised[name]?.coef as number[], 1e-5);
    expect(fit.coefficients.map((w) => w === 0)).toEqual(penalised[name]?.coef.map((w) => w === 0));
  });

  // For orthogonal columns the lasso is least squares, pulled toward 0 by n alpha / x'x: Tibshirani 1996, section 2.2.
  it('pulls orthogonal columns toward 0 by the same amount', () => {
    const design = rowsOf([[-1, -1], [-1, 1], [1, -1], [1, 1]]); // biome-ignore format: a table
    const y = Float64Array.of(-4, -2, 2, 4);
    expectClose(elasticNet(design, y, { alpha: 0.5, l1Ratio: 1 }).coefficients, [2.5, 0.5]);
    expectClose(elasticNet(design, y, { alpha: 2, l1Ratio: 1 }).coefficients, [1, 0]);
  });

  it('says by its gap where it was stopped early', () => {
    const fit = elasticNet(rows, train.targets, { alpha: 0.1, l1Ratio: 1, maxIterations: 1 });
    expect(fit.converged).toBe(false);
    expect(fit.gap).toBeGreaterThan(1e-4);
  });

  it.each([-0.1, 1.1])('refuses a share of l1 of %s', (l1Ratio) =>
    expect(() => elasticNet(rows, train.targets, { alpha: 1, l1Ratio })).toThrow('l1Ratio must be from 0 to 1'),
  );
});
