import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelFileRefused } from '../../../models/errors.ts';
import { expectClose } from '../../closeness.ts';
import { rowsOf, sparseOf } from '../../rows.ts';
import { randomTable } from '../../seeded.ts';
import { answersOf, scorerOf } from './scoring.ts';

const binary = (coefficient: number, intercept: number, labels: readonly (string | number)[] = [0, 1]) =>
  scorerOf('logistic', { width: 1, labels, coefficients: [[coefficient]], intercept: [intercept] });

describe('logistic regression with two labels', () => {
  it('names labels and sign in its signature', () => {
    expect(binary(1, 0, ['no', 'yes']).outputs).toEqual([
      { name: 'predict', datatype: 'BYTES', shape: [-1] },
      { name: 'predict_proba', datatype: 'FP64', shape: [-1, 2], parameters: { labels: ['no', 'yes'] } },
      {
        name: 'decision_function',
        datatype: 'FP64',
        shape: [-1],
        parameters: { columns: [{ for: 'yes', against: 'no' }] },
      },
    ]);
  });

  it('answers log-odds toward the second label', () => {
    const answered = answersOf(binary(2, -1, [7, 3]), [[0], [0.5], [2]]);
    expect(answered.predict).toEqual([7, 7, 3]);
    expect(answered.decision_function).toEqual([-1, 0, 3]);
    expectClose(answered.predict_proba ?? [], [
      [0.7310585786300049, 0.2689414213699951],
      [0.5, 0.5],
      [0.04742587317756678, 0.9525741268224334],
    ]);
  });

  it('keeps the digits of tiny probabilities, and never overflows', () => {
    const { predict_proba } = answersOf(binary(1, 0), [[-700], [700], [-1e6], [1e6]]);
    expect(predict_proba).toEqual([1, Math.exp(-700), Math.exp(-700), 1, 1, 0, 0, 1]);
  });
});

describe('logistic regression with many labels', () => {
  const model = {
    width: 2,
    labels: [10, 20, 30],
    coefficients: [
      [1, 0],
      [0, 1],
      [-1, -1],
    ],
    intercept: [0, 0.5, 1],
  };

  it('names labels in its signature, and no sign, for there is none', () => {
    expect(scorerOf('logistic', model).outputs.map(({ shape, parameters }) => ({ shape, parameters }))).toEqual([
      { shape: [-1], parameters: undefined },
      { shape: [-1, 3], parameters: { labels: [10, 20, 30] } },
      { shape: [-1, 3], parameters: { labels: [10, 20, 30] } },
    ]);
  });

  it('answers centred logits and their softmax', () => {
    // Logits 1, 2.5 and -2: their mean is 0.5.
    const answered = answersOf(scorerOf('logistic', model), [[1, 2]]);
    expect(answered.decision_function).toEqual([0.5, 2, -2.5]);
    expectClose(answered.predict_proba ?? [], [0.18078356932656803, 0.8102157467475837, 0.009000683925848314], 1e-9);
    expect(answered.predict).toEqual([20]);
  });

  it('declares its outputs, and in which order the classes stand', () => {
    expect(scorerOf('logistic', model).outputs).toEqual([
      { name: 'predict', datatype: 'INT64', shape: [-1] },
      { name: 'predict_proba', datatype: 'FP64', shape: [-1, 3], parameters: { labels: [10, 20, 30] } },
      { name: 'decision_function', datatype: 'FP64', shape: [-1, 3], parameters: { labels: [10, 20, 30] } },
    ]);
  });

  it('gives a tie to the first label', () => {
    expect(answersOf(scorerOf('logistic', { ...model, intercept: [0, 0, 0] }), [[0, 0]]).predict).toEqual([10]);
  });

  it('answers probabilities that sum to 1 and order as the logits do, however large', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 3 }), (z) => {
        const coefficients = [[0], [0], [0]];
        const scorer = scorerOf('logistic', { width: 1, labels: ['a', 'b', 'c'], coefficients, intercept: z });
        const answered = scorer.score(rowsOf([[0]]));
        const p = Array.from(answered.get('predict_proba')?.data as Float64Array);
        const centred = Array.from(answered.get('decision_function')?.data as Float64Array);
        expectClose(
          p.reduce((sum, value) => sum + value, 0),
          1,
          1e-15,
        );
        expect(Math.abs(centred.reduce((sum, value) => sum + value, 0))).toBeLessThanOrEqual(1e-9);
        expect(p[z.indexOf(Math.max(...z))]).toBe(Math.max(...p));
      }),
    );
  });

  it('answers sparse rows as it answers dense ones', () => {
    const table = randomTable(3, 20, 2).map((row) => row.map((value) => Math.max(0, value)));
    const scorer = scorerOf('logistic', model);
    expect(answersOf(scorer, sparseOf(rowsOf(table)))).toEqual(answersOf(scorer, table));
  });
});

describe('a logistic model that does not fit together', () => {
  it.each([
    [
      { labels: [0, 1], coefficients: [[1], [2]], intercept: [0, 0] },
      'parameters.coefficients must hold 1 row for 2 labels',
    ],
    [
      { labels: [0, 1, 2], coefficients: [[1]], intercept: [0] },
      'parameters.coefficients must hold 3 rows for 3 labels',
    ],
    [{ labels: [0, 1], coefficients: [[1, 2]], intercept: [0] }, 'parameters.coefficients[0] must hold 1 numbers'],
    [{ labels: [0, 1], coefficients: [[1]], intercept: [] }, 'parameters.intercept'],
    [{ coefficients: [[1]], intercept: [0] }, 'parameters of kind logistic needs labels'],
  ])('is refused: %j', (parameters, message) => {
    const build = () => scorerOf('logistic', { width: 1, ...parameters });
    expect(build).toThrow(ModelFileRefused);
    expect(build).toThrow(message);
  });
});
