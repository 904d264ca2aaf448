import { describe, expect, it } from 'vitest';
import { readSplit } from '../../../../examples/diagnosis/example.ts';
import { frameOfRows, type NumberColumn } from '../../../../models/frame.ts';
import { fitMinMax, fitRobust, fitStandardize } from '../../../../models/learning/preparing/fit-scale.ts';
import { expectClose } from '../../../closeness.ts';
import { standardised } from '../../../prepared.ts';
import { referenceJson } from '../../../reference.ts';
import { rowsOf } from '../../../rows.ts';

const column = (name: string, ...values: number[]) => ({ name, values: Float64Array.from(values) });

describe('standardising', () => {
  it('finds the mean and scale that scikit-learn finds', async () => {
    const expected = referenceJson<{ scaler_mean: number[]; scaler_scale: number[] }>('results/breast_cancer.json');
    const { features, train } = await readSplit();
    const { mean, scale } = fitStandardize(frameOfRows(features, train.rows).columns as NumberColumn[]);
    expectClose(mean, expected.scaler_mean, 1e-12);
    expectClose(scale, expected.scaler_scale, 1e-12);
  });

  it('gives a constant column scale 1, even where its mean is rounded', () =>
    expect(fitStandardize([column('a', 0.1, 0.1, 0.1), column('b', 1, 2, 6)]).scale).toEqual([1, Math.sqrt(14 / 3)]));

  it('makes columns of mean 0 and deviation 1', () => {
    const { values } = standardised(rowsOf([[1], [2], [6]]));
    const sum = (of: (z: number) => number) => values.reduce((total, z) => total + of(z), 0);
    expectClose(
      sum((z) => z),
      0,
      1e-15,
    );
    expectClose(
      sum((z) => z * z),
      3,
      1e-15,
    );
  });

  it('does not count what is missing', () =>
    expect(fitStandardize([column('a', 1, Number.NaN, 3)])).toMatchObject({ mean: [2], scale: [1] }));
});

describe('scaling to the range of the training rows', () => {
  it('keeps a constant column at 0', () =>
    expect(fitMinMax([column('a', 5, 5), column('b', 2, 4)])).toMatchObject({ scale: [1, 0.5], min: [-5, -1] }));
});

describe('scaling by quartiles', () => {
  // numpy.percentile([1, 2, 4, 8], [25, 50, 75]) is 1.75, 3, 5
  it('takes the linear quantiles', () =>
    expect(fitRobust([column('a', 8, 1, 4, 2)])).toMatchObject({ center: [3], scale: [3.25] }));

  it('gives a range of 0 scale 1', () => expect(fitRobust([column('a', 1, 1, 1, 1, 9)]).scale).toEqual([1]));
});
