import { describe, expect, it } from 'vitest';
import { residualsOf } from '../../models/learning/residuals-of.ts';
import { checkResiduals, halfWidth, largestLevel, type Residuals, withInterval } from '../../models/residuals.ts';
import { fp64, type Tensor } from '../../models/tensor.ts';
import { times } from './learning/tables.ts';

const ninety = { method: 'out-of-fold' as const, folds: 5, count: 9, values: times(9, (i) => i + 1) };

describe('half the width of an interval', () => {
  it.each([
    [0.9, 9],
    [0.8, 8],
    [0.81, 9],
    [0.5, 5],
    [0.05, 1],
  ])('of %d is the residual of rank ceil((n + 1) level)', (level, expected) =>
    expect(halfWidth(ninety, level)).toBe(expected),
  );

  it('counts ranks in decimals, not in their rounding', () => {
    const many: Residuals = { ...ninety, count: 99, values: times(99, (i) => i + 1) };
    for (let percent = 1; percent < 100; percent++) expect(halfWidth(many, percent / 100)).toBe(percent);
  });

  it('is refused where the residuals are too few, with the largest level that can be had', () => {
    expect(largestLevel(ninety)).toBe(0.9);
    expect(() => halfWidth(ninety, 0.91)).toThrow(
      'parameters.interval must be at most 0.9: the model was tried on 9 rows out of fold, got 0.91',
    );
  });
});

describe('residuals as they are stored', () => {
  const zeros = (count: number) => new Float64Array(count);

  it('are all of them, ascending, where there are few', () =>
    expect(residualsOf(Float64Array.of(1, 5, 2), Float64Array.of(2, 2, 2), 3)).toEqual({
      method: 'out-of-fold',
      folds: 3,
      count: 3,
      values: [0, 1, 3],
    }));

  it.each([501, 2_000, 12_345])(
    'of %d are some hundred ranks, never too narrow and at most 1/400 too wide',
    (count) => {
      // The residual of rank r is r.
      const stored = residualsOf(
        Float64Array.from({ length: count }, (_, i) => (i % 2 ? -1 : 1) * (i + 1)),
        zeros(count),
        5,
      );
      checkResiduals(stored, 'here');
      expect(stored.values.length).toBeLessThanOrEqual(500);
      expect(stored.ranks).toEqual(stored.values);
      for (const level of [0.01, 0.333, 0.5, 0.8, 0.87, 0.9, 0.95, 0.99, 0.9973, count / (count + 1)]) {
        const exact = Math.ceil((count + 1) * level - 1e-9);
        expect(halfWidth(stored, level)).toBeGreaterThanOrEqual(exact);
        expect(halfWidth(stored, level)).toBeLessThanOrEqual(exact + (count + 1) / 400 + 1);
      }
      for (const level of [0.5, 0.8, 0.9, 0.95, 0.99])
        expect(halfWidth(stored, level)).toBe(Math.ceil((count + 1) * level - 1e-9));
      expect(() => halfWidth(stored, 1 - 1e-6)).toThrow('must be at most');
    },
  );

  it.each<[string, Partial<Residuals>, string]>([
    ['that descend', { values: [2, 1] }, 'values must ascend'],
    ['that are not all there', { count: 3 }, 'values must hold all 3'],
    ['with a rank too few', { count: 9, ranks: [9] }, 'ranks must ascend, one a value, and end at 9'],
    ['whose largest is not there', { count: 9, ranks: [1, 8] }, 'ranks must ascend'],
    ['with a rank twice', { count: 9, ranks: [9, 9] }, 'ranks must ascend'],
  ])('%s are refused', (_, stated, told) =>
    expect(() =>
      checkResiduals({ method: 'out-of-fold', folds: 2, count: 2, values: [1, 2], ...stated }, 'm.residuals'),
    ).toThrow(told),
  );
});

describe('an interval', () => {
  const outputs = new Map<string, Tensor>([['predict', fp64([2], Float64Array.of(10, -1))]]);

  it('lies about the prediction, as far to both sides', () => {
    const answered = withInterval(outputs, ninety, 0.5);
    expect([...answered.keys()]).toEqual(['predict', 'predict_lower', 'predict_upper']);
    expect(answered.get('predict_lower')?.data).toEqual(Float64Array.of(5, -6));
    expect(answered.get('predict_upper')?.data).toEqual(Float64Array.of(15, 4));
  });

  it('is refused where the model holds no residuals, or predicts no number, or several', () => {
    expect(() => withInterval(outputs, undefined, 0.5)).toThrow('holds no out-of-fold residuals');
    const labels = new Map<string, Tensor>([
      ['predict', { datatype: 'INT64', shape: [1], data: BigInt64Array.of(1n) }],
    ]);
    const pairs = new Map<string, Tensor>([['predict', fp64([1, 2], Float64Array.of(1, 2))]]);
    for (const other of [labels, pairs])
      expect(() => withInterval(other, ninety, 0.5)).toThrow('intervals are of models that predict one number');
  });
});
