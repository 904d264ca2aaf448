import { describe, expect, it } from 'vitest';
import { readSplit } from '../../../examples/diagnosis/example.ts';
import { fitStandardize } from '../../../models/learning/standardize.ts';
import { prepare } from '../../../models/preparation.ts';
import { expectClose } from '../../closeness.ts';
import { referenceJson } from '../../reference.ts';
import { rowsOf } from '../../rows.ts';

describe('standardising', () => {
  it('finds the mean and scale that scikit-learn finds', async () => {
    const expected = referenceJson<{ scaler_mean: number[]; scaler_scale: number[] }>('results/breast_cancer.json');
    const { mean, scale } = fitStandardize((await readSplit()).train.rows);
    expectClose(mean, expected.scaler_mean, 1e-12);
    expectClose(scale, expected.scaler_scale, 1e-12);
  });

  it('gives a constant column scale 1, even where its mean is rounded', () => {
    const rows = rowsOf([[0.1, 1], [0.1, 2], [0.1, 6]]); // biome-ignore format: a table
    expect(fitStandardize(rows).scale).toEqual([1, Math.sqrt(14 / 3)]);
  });

  it('makes columns of mean 0 and deviation 1', () => {
    const rows = rowsOf([[1], [2], [6]]);
    const { values } = prepare([fitStandardize(rows)], rows);
    expectClose(
      values.reduce((sum, z) => sum + z, 0),
      0,
      1e-15,
    );
    expectClose(
      values.reduce((sum, z) => sum + z * z, 0),
      3,
      1e-15,
    );
  });

  it('refuses no rows', () => expect(() => fitStandardize(rowsOf([], 2))).toThrow('must hold at least one row'));
});
