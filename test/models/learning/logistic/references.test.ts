import { describe, expect, it } from 'vitest';
import { type LogisticOptions, logisticRegression } from '../../../../models/learning/logistic/logistic.ts';
import type { Rows } from '../../../../models/rows.ts';
import { expectClose } from '../../../closeness.ts';
import { standardised } from '../../../prepared.ts';
import { referenceJson } from '../../../reference.ts';
import { preparedBy, referenceTable } from '../../../reference-table.ts';

interface Fit {
  readonly coef: number[][];
  readonly intercept: number[];
  readonly objective: number;
}

const fits = referenceJson<Record<string, Fit>>('results/logistic-penalties.json');

async function trainRows(name: string): Promise<{ rows: Rows; targets: Int32Array }> {
  const { train } = await referenceTable(name);
  return { rows: standardised(preparedBy('none', train)), targets: Int32Array.from(train.targets) };
}

const tables = { iris: await trainRows('iris'), breast_cancer: await trainRows('breast_cancer') };
const weightsOf = ({ count }: Rows): Float64Array => Float64Array.from({ length: count }, (_, row) => 1 + (row % 3));

describe('l1: no coefficient but those of scikit-learn’s saga, and no worse objective', () => {
  it.each([
    ['iris', 3, 1],
    ['iris', 3, 0.1],
    ['breast_cancer', 2, 0.1],
  ] as const)('%s, %i classes, C %d', (name, classes, C) => {
    const { rows, targets } = tables[name];
    for (const [kind, weights] of [
      ['', undefined],
      ['_weighted', weightsOf(rows)],
    ] as const) {
      const expected = fits[`${name}_l1_C${C}${kind}`] as Fit;
      const options: LogisticOptions = { classes, C, penalty: 'l1', ...(weights && { weights }) };
      const fit = logisticRegression(rows, targets, options);
      expect(fit.converged).toBe(true);
      expect(fit.objective - expected.objective).toBeLessThanOrEqual(1e-8);
      expectClose(fit.objective, expected.objective, 1e-7);
      expectClose(fit.coefficients, expected.coef, 1e-4);
      expect(fit.coefficients.flat().map((w) => w === 0)).toEqual(expected.coef.flat().map((w) => w === 0));
    }
  });
});

it('none: the maximum likelihood that scikit-learn’s newton-cholesky finds', () => {
  const { rows, targets } = tables.breast_cancer;
  const two = Float64Array.from({ length: 2 * rows.count }, (_, i) => {
    return rows.values[Math.floor(i / 2) * rows.width + (i % 2)] as number;
  });
  const expected = fits.breast_cancer_none_2_columns as Fit;
  const options = { classes: 2, C: 1, penalty: 'none' } as const;
  const fit = logisticRegression({ count: rows.count, width: 2, values: two }, targets, options);
  expectClose(fit.coefficients, expected.coef, 1e-7);
  expectClose(fit.intercept, expected.intercept, 1e-7);
  expectClose(fit.objective, expected.objective, 1e-9);
});
