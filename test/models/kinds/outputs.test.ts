import { describe, expect, it } from 'vitest';
import { oneVsRest } from '../../../models/kinds/one-vs-rest.ts';
import type { Scorer } from '../../../models/kinds/scorer.ts';
import { parseLabels } from '../../../models/labels.ts';
import { rowsOf } from '../../rows.ts';
import { answersOf, scorerOf } from './scoring.ts';

const svm = {
  width: 1,
  kernel: { name: 'linear' },
  supportVectors: [[1], [2]],
  coefficients: [[1, -0.5]],
  rho: [0.5],
};
const three = {
  ...svm,
  labels: ['a', 'b', 'c'],
  type: 'c_svc',
  supportVectors: [[1], [2], [4]],
  coefficients: [
    [1, 1, 1],
    [1, 1, 1],
  ],
  rho: [0, 0, 0],
  supportVectorsPerClass: [1, 1, 1],
};
const platt = (pairs: number) => ({ probability: { a: Array(pairs).fill(-1), b: Array(pairs).fill(0) } });
const functions = (classes: number) => ({
  width: 1,
  weights: Float64Array.from({ length: classes }, (_, k) => k - 1),
  intercept: Float64Array.from({ length: classes }, () => 0),
});
const labels = (count: number) => parseLabels(['a', 'b', 'c'].slice(0, count));

/** Name, datatype and shape of each output: CONVENTIONS of the house. */
const cases: [string, Scorer, [string, string, number[]][]][] = [
  ['epsilon_svr', scorerOf('svm', { ...svm, type: 'epsilon_svr' }), [['predict', 'FP64', [-1]]]],
  [
    'one_class',
    scorerOf('svm', { ...svm, type: 'one_class' }),
    [
      ['predict', 'INT64', [-1]],
      ['decision_function', 'FP64', [-1]],
    ],
  ],
  [
    'c_svc of two labels',
    scorerOf('svm', { ...svm, type: 'c_svc', labels: ['a', 'b'] }),
    [
      ['predict', 'BYTES', [-1]],
      ['decision_function', 'FP64', [-1]],
    ],
  ],
  [
    'c_svc of three labels with probabilities',
    scorerOf('svm', { ...three, ...platt(3) }),
    [
      ['predict', 'BYTES', [-1]],
      ['predict_proba', 'FP64', [-1, 3]],
      ['decision_function', 'FP64', [-1, 3]],
    ],
  ],
  [
    'one against the rest of two',
    oneVsRest(functions(1), labels(2), false),
    [
      ['predict', 'BYTES', [-1]],
      ['decision_function', 'FP64', [-1]],
    ],
  ],
  [
    'one against the rest of three, with probabilities',
    oneVsRest(functions(3), labels(3), true),
    [
      ['predict', 'BYTES', [-1]],
      ['predict_proba', 'FP64', [-1, 3]],
      ['decision_function', 'FP64', [-1, 3]],
    ],
  ],
];

describe.each(cases)('%s', (_, scorer, expected) => {
  it('declares its outputs', () => {
    expect(scorer.outputs.map(({ name, datatype, shape }) => [name, datatype, shape])).toEqual(expected);
  });

  it.each([0, 1, 4])('answers %i rows as declared', (count) => {
    const answered = [...scorer.score(rowsOf(Array.from({ length: count }, (_, row) => [row])))];
    expect(answered.map(([name, { datatype, shape }]) => [name, datatype, shape])).toEqual(
      expected.map(([name, datatype, [, ...rest]]) => [name, datatype, [count, ...rest]]),
    );
    for (const [, { shape, data }] of answered)
      expect(data).toHaveLength(shape.reduce((product, size) => product * size));
  });
});

describe('at a decision of exactly 0', () => {
  const flat = { ...svm, supportVectors: [[0], [0]], rho: [0] };

  it('a row is outside of one class, as LIBSVM has it', () => {
    expect(answersOf(scorerOf('svm', { ...flat, type: 'one_class' }), [[7]]).predict).toEqual([-1]);
  });

  it('one against the rest answers the second of two labels, and the first of more', () => {
    const texts = (scorer: Scorer) => {
      const data = scorer.score(rowsOf([[0]])).get('predict')?.data as Uint8Array[];
      return data.map((bytes) => new TextDecoder().decode(bytes));
    };
    expect(texts(oneVsRest(functions(1), labels(2), false))).toEqual(['b']);
    expect(texts(oneVsRest(functions(3), labels(3), false))).toEqual(['a']);
  });
});

it('pair probabilities stay 1e-7 from 0 and from 1, as LIBSVM keeps them', () => {
  const sure = { ...svm, coefficients: [[1, 1]], type: 'c_svc', labels: ['a', 'b'], probability: { a: [-1], b: [0] } };
  const [low, high] = answersOf(scorerOf('svm', sure), [[-1e6], [1e6]]).predict_proba?.filter((_, i) => i % 2) ?? [];
  expect([low, high].map((p) => Math.min(p as number, 1 - (p as number)))).toEqual([
    expect.closeTo(1e-7, 12),
    expect.closeTo(1e-7, 12),
  ]);
});

describe('a stated machine whose parts do not fit', () => {
  it.each([
    [{ ...three, coefficients: [[1, 1, 1]] }, 'parameters.coefficients must hold 2 (K - 1 rows)'],
    [{ ...three, supportVectorsPerClass: undefined }, 'parameters.supportVectorsPerClass must be stated for mo'],
    [
      { ...three, supportVectorsPerClass: [1, 2] },
      'parameters.supportVectorsPerClass must hold 3 (one number a label)',
    ],
    [
      { ...three, probability: { a: [1], b: [1, 1, 1] } },
      'parameters.probability.a must hold 3 (one number a pair of labels)',
    ],
    [
      { ...three, probability: { a: [1, 1, 1], b: [1] } },
      'parameters.probability.b must hold 3 (one number a pair of labels)',
    ],
  ])('is refused: %#', (parameters, words) => {
    const { supportVectorsPerClass, ...rest } = parameters;
    const stated = { ...rest, ...(supportVectorsPerClass && { supportVectorsPerClass }) };
    expect(() => scorerOf('svm', stated)).toThrow(words);
  });
});
