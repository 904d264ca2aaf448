import { describe, expect, it } from 'vitest';
import { ModelFileRefused } from '../../../models/errors.ts';
import { libsvm } from '../../../models/formats/libsvm.ts';
import type { Rows } from '../../../models/rows.ts';
import { expectClose } from '../../closeness.ts';
import { type LibsvmAnswers, referenceFile, referenceJson } from '../../reference.ts';
import { rowsOf, sparseOf } from '../../rows.ts';
import { randomTable } from '../../seeded.ts';
import { answersOf, scorerOf } from './scoring.ts';

const cases = [
  'iris-linear',
  'iris-rbf-b1',
  'breast_cancer-rbf',
  'diabetes-svr',
  'c_svc-linear-b1',
  'c_svc-polynomial',
  'c_svc-sigmoid-b1',
  'nu_svc-rbf-b1',
  'one_class-rbf',
  'epsilon_svr-sigmoid',
  'nu_svr-polynomial',
];

describe.each(cases)('the LIBSVM model %s', (name) => {
  const expected = referenceJson<LibsvmAnswers>(`models/libsvm-${name}.expected.json`);
  const features = (expected.input[0] ?? []).map((_, column) => `c${column}`);
  const { scorer } = libsvm.read(referenceFile(`models/libsvm-${name}.model`), { features });
  const rows: Rows = rowsOf(expected.input);
  const answered = answersOf(scorer, rows);

  it('predicts what LIBSVM predicts', () => expectClose(answered.predict ?? [], expected.prediction));

  it('decides what LIBSVM decides', () => {
    expectClose(answered.decision_function ?? answered.predict ?? [], expected.decision_values);
  });

  it('is as sure as LIBSVM is', () => expectClose(answered.predict_proba ?? [], expected.probabilities ?? []));

  it('answers sparse rows as it answers dense ones', () => {
    expect(answersOf(scorer, sparseOf(rows))).toEqual(answered);
  });
});

describe('votes', () => {
  // A vector at 0 and a linear kernel: every decision is -rho, whatever the row.
  const voting = (rho: readonly number[], labels = [10, 20, 30]) => {
    const scorer = scorerOf('svm', {
      width: 1,
      labels,
      type: 'c_svc',
      kernel: { name: 'linear' },
      supportVectors: [[0], [0], [0]],
      coefficients: Array(labels.length - 1).fill([0, 0, 0]),
      rho,
      ...(labels.length > 2 && { supportVectorsPerClass: [1, 1, 1] }),
    });
    return answersOf(scorer, [[5]]).predict?.[0];
  };

  it.each([
    ['01, 02 for the first label', [-1, -1, -1], 10],
    ['12 for the second', [1, -1, -1], 20],
    ['02 and 12 for the third', [1, 1, 1], 30],
  ])('counts %s', (_, rho, winner) => expect(voting(rho)).toBe(winner));

  it('goes against the pair’s first label at exactly 0', () => {
    expect(voting([-1, 0, 0])).toBe(30);
  });

  it('breaks a tie in the order of labels', () => {
    expect(voting([-1, 1, -1])).toBe(10);
    expect(voting([1, -1, 1])).toBe(10);
  });
});

const stated = {
  width: 2,
  labels: [3, 8],
  type: 'c_svc',
  kernel: { name: 'rbf', gamma: 0.5 },
  supportVectors: [
    [0, 0],
    [1, 1],
  ],
  coefficients: [[-1, 2]],
  rho: [0.25],
};

describe('a machine stated in model.json', () => {
  const decided = -Math.exp(-0.5) + 2 * Math.exp(-0.5) - 0.25;

  it('decides toward the second of two labels, and says so', () => {
    const scorer = scorerOf('svm', stated);
    expect(scorer.outputs.at(-1)?.parameters).toEqual({ columns: [{ for: 8, against: 3 }] });
    const answered = answersOf(scorer, [[1, 0]]);
    expectClose(answered.decision_function ?? [], [decided]);
    expect(answered.predict).toEqual([8]);
  });

  it('is sure of the label that it decides toward', () => {
    const scorer = scorerOf('svm', { ...stated, labels: [0, 1], probability: { a: [-2], b: [0.5] } });
    const sure = 1 / (1 + Math.exp(-2 * decided + 0.5));
    expectClose(answersOf(scorer, [[1, 0]]).predict_proba ?? [], [1 - sure, sure]);
  });

  it('takes LIBSVM’s layout for more labels', () => {
    const scorer = scorerOf('svm', {
      width: 1,
      labels: [5, 6, 7],
      type: 'nu_svc',
      kernel: { name: 'linear' },
      supportVectors: [[1], [2], [4]],
      coefficients: [
        [1, -0.5, 0.25],
        [2, 3, -0.125],
      ],
      rho: [0.1, 0.2, 0.3],
      supportVectorsPerClass: [1, 1, 1],
    });
    expect(scorer.outputs.at(-1)?.parameters).toEqual({
      columns: [
        { for: 5, against: 6 },
        { for: 5, against: 7 },
        { for: 6, against: 7 },
      ],
    });
    // k = 1, 2, 4: 01 = 1 * 1 - 0.5 * 2, 02 = 2 * 1 + 0.25 * 4, 12 = 3 * 2 - 0.125 * 4, each minus its rho.
    expectClose(answersOf(scorer, [[1]]).decision_function ?? [], [-0.1, 2.8, 5.2], 1e-15);
  });

  it('answers +1 inside one class and -1 outside', () => {
    const { labels, ...rest } = stated;
    const scorer = scorerOf('svm', { ...rest, type: 'one_class', coefficients: [[1, 1]], rho: [1] });
    expect(scorer.outputs.map(({ name, datatype }) => [name, datatype])).toEqual([
      ['predict', 'INT64'],
      ['decision_function', 'FP64'],
    ]);
    expect(answersOf(scorer, [[0, 0], [9, 9]]).predict).toEqual([1, -1]); // biome-ignore format: a table
  });

  it.each([
    [{ rho: [0.25, 1] }, 'parameters.rho must hold 1 (one number), got an array of 2'],
    [{ labels: [0, 1, 2] }, 'parameters.coefficients must hold 2 (K - 1 rows), got an array of 1'],
    [{ labels: [0, 1, 2], coefficients: [[1, 1], [1, 1]] }, 'parameters.rho must hold 3 (K(K-1)/2 numbers)'], // biome-ignore format: a table
    [{ coefficients: [[-1]] }, 'parameters.coefficients[0] must hold 2 numbers, one a support vector'],
    [{ supportVectors: [[0, 0], [1]] }, 'parameters.supportVectors[1] must hold 2 numbers, one a feature'],
    [{ kernel: { name: 'rbf' } }, 'parameters.kernel must state gamma for kernel rbf'],
    [{ kernel: { name: 'rbf', gamma: -1 } }, 'parameters.kernel.gamma'],
    [{ kernel: { name: 'polynomial', gamma: 1, coef0: 0 } }, 'parameters.kernel must state degree'],
    [{ kernel: { name: 'sigmoid', gamma: 1 } }, 'parameters.kernel must state coef0'],
    [{ kernel: { name: 'precomputed' } }, 'parameters.kernel.name'],
    [{ type: 'svc' }, 'parameters.type'],
    [{ type: 'nu_svr' }, 'parameters of kind nu_svr must not come with labels'],
    [{ labels: undefined }, 'parameters.type c_svc needs labels'],
    [{ labels: undefined, type: 'nu_svr', probability: { a: [1], b: [1] } }, 'parameters.probability must be absent'],
    [{ supportVectorsPerClass: [1, 2] }, 'parameters.supportVectorsPerClass must sum to the 2 support vectors, got 3'],
    [{ probability: { a: [1, 2], b: [1] } }, 'parameters.probability.a must hold 1'],
  ])('is refused where it does not fit together: %j', (change, message) => {
    const build = () => scorerOf('svm', { ...stated, ...change } as never);
    expect(build).toThrow(ModelFileRefused);
    expect(build).toThrow(message);
  });
});

describe('support vectors', () => {
  const machine = (supportVectors: number[][], kernel: object) =>
    scorerOf('svm', {
      width: 30,
      type: 'epsilon_svr',
      kernel,
      supportVectors,
      coefficients: randomTable(9, 1, supportVectors.length),
      rho: [0],
    });

  it.each([
    { name: 'linear' },
    { name: 'polynomial', gamma: 0.3, coef0: 1, degree: 3 },
    { name: 'rbf', gamma: 0.7 },
    { name: 'sigmoid', gamma: 0.1, coef0: -0.2 },
  ])('answer alike, kept sparse or dense, under $name', (kernel) => {
    const sparse = randomTable(7, 12, 30).map((row) => row.map((value) => (value < 0.6 ? 0 : value)));
    // One more vector without a zero in each of many rows makes dense the smaller form; its coefficient is 0.
    const filler = Array.from({ length: 40 }, () => Array<number>(30).fill(1));
    const rows = randomTable(8, 10, 30);
    const coefficients = [[...(randomTable(9, 1, 12)[0] ?? []), ...filler.map(() => 0)]];
    const dense = scorerOf('svm', {
      width: 30,
      type: 'epsilon_svr',
      kernel,
      supportVectors: [...sparse, ...filler],
      coefficients,
      rho: [0],
    });
    expectClose(answersOf(machine(sparse, kernel), rows).predict ?? [], answersOf(dense, rows).predict ?? [], 1e-14);
  });

  it('keep the distance of close, large vectors, which norms would cancel', () => {
    const far = Array<number>(30).fill(1e6);
    const near = far.with(0, 1e6 + 1e-3);
    const scorer = machine([far], { name: 'rbf', gamma: 1e6 });
    const own = answersOf(scorer, [far]).predict?.[0] ?? 0;
    expectClose((answersOf(scorer, [near]).predict?.[0] ?? 0) / own, Math.exp(-1), 1e-6);
  });
});
