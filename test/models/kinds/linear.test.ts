import { describe, expect, it } from 'vitest';
import { ModelFileRefused } from '../../../models/errors.ts';
import { expectClose } from '../../closeness.ts';
import { referenceJson } from '../../reference.ts';
import { rowsOf, sparseOf } from '../../rows.ts';
import { randomTable } from '../../seeded.ts';
import { answersOf, scorerOf } from './scoring.ts';

describe('a linear model', () => {
  it('answers coefficients x + intercept', () => {
    const scorer = scorerOf('linear', { width: 2, coefficients: [[2, -3]], intercept: [0.5] });
    expect(scorer.outputs).toEqual([{ name: 'predict', datatype: 'FP64', shape: [-1] }]);
    const table = [
      [0, 0],
      [1, 0],
      [0, 1],
      [10, 20],
    ];
    expect(answersOf(scorer, table).predict).toEqual([0.5, 2.5, -2.5, -39.5]);
  });

  it('answers what scikit-learn answers for x = 2, 3, 4, 5', () => {
    const { models } = referenceJson<{ models: Record<string, { coef: number[]; intercept: number }> }>(
      'results/seed-linear.json',
    );
    const { coef = [], intercept = 0 } = models.LinearRegression ?? {};
    const scorer = scorerOf('linear', { width: 1, coefficients: [coef], intercept: [intercept] });
    const { corrected_100000_iterations_equals_least_squares: asked } =
      referenceJson<Record<string, { predictions: number[] }>>('data/seed.json');
    expectClose(answersOf(scorer, [[2], [3], [4], [5]]).predict ?? [], asked?.predictions ?? [], 1e-8);
  });

  it('answers one column a target, where there are several', () => {
    const coefficients = [
      [1, 0],
      [0, 1],
      [1, 1],
    ];
    const scorer = scorerOf('linear', { width: 2, coefficients, intercept: [0, 10, 100] });
    expect(scorer.outputs).toEqual([{ name: 'predict', datatype: 'FP64', shape: [-1, 3] }]);
    const answered = scorer.score(rowsOf([[1, 2], [3, 4]])); // biome-ignore format: a table
    expect(answered.get('predict')?.shape).toEqual([2, 3]);
    expect(Array.from(answered.get('predict')?.data as Float64Array)).toEqual([1, 12, 103, 3, 14, 107]);
  });

  it.each([
    ['identity', [-2, 0, 0.5]],
    ['logit', [0.11920292202211755, 0.5, 0.6224593312018546]],
    ['log', [0.1353352832366127, 1, 1.6487212707001282]],
    ['inverse', [-0.5, Number.POSITIVE_INFINITY, 2]],
  ])('undoes the link %s', (link, expected) => {
    const scorer = scorerOf('linear', { width: 1, coefficients: [[1]], intercept: [0], link });
    const { predict = [] } = answersOf(scorer, [[-2], [0], [0.5]]);
    expected.forEach((value, i) => {
      if (Number.isFinite(value)) expectClose(predict[i] ?? Number.NaN, value, 1e-15);
      else expect(predict[i]).toBe(value);
    });
  });

  it('answers sparse rows as it answers dense ones', () => {
    const table = randomTable(1, 20, 7).map((row) => row.map((value) => (value < 0.3 ? 0 : value)));
    const scorer = scorerOf('linear', { width: 7, coefficients: randomTable(2, 2, 7), intercept: [1, 2] });
    expect(answersOf(scorer, sparseOf(rowsOf(table)))).toEqual(answersOf(scorer, table));
  });

  it.each([
    [
      { coefficients: [[1, 2], [1]], intercept: [0, 0] },
      'parameters.coefficients[1] must hold 2 numbers, one a feature, got an array of 1',
    ],
    [
      { coefficients: [[1, 2]], intercept: [0, 0] },
      'parameters.intercept must hold one number for each of the 1 rows of coefficients, got an array of 2',
    ],
    [{ coefficients: [[1, '2']], intercept: [0] }, 'parameters.coefficients[0][1] must be number, got "2"'],
    [{ coefficients: [[1, Number.POSITIVE_INFINITY]], intercept: [0] }, 'parameters.coefficients[0][1] must be number'],
    [{ coefficients: [[1, 2]], intercept: [0], link: 'probit' }, 'parameters.link'],
    [{ coefficients: [[1, 2]], intercept: [0], bias: 1 }, 'parameters.bias is not a known property'],
    [{ coefficients: [], intercept: [] }, 'parameters.'],
    [{ coefficients: [[1, 2]], intercept: [0], labels: [0, 1] }, 'parameters of kind linear must not come with labels'],
  ])('refuses %j', (parameters, message) => {
    const build = () => scorerOf('linear', { width: 2, ...parameters });
    expect(build).toThrow(ModelFileRefused);
    expect(build).toThrow(message);
  });
});
