import { beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../../models/explanation.ts';
import { isClose } from '../../closeness.ts';
import { type House, openHouse } from '../house.ts';

const MIXED = {
  modeldrop: 1,
  kind: 'logistic',
  features: ['age', 'city'],
  types: { city: 'text' },
  labels: ['no', 'yes'],
  preparation: [
    { step: 'impute', columns: ['age'], values: [40] },
    { step: 'one-hot', columns: ['city'], categories: [['Bergen', 'Oslo']], unknown: 'zeros' },
  ],
  parameters: { coefficients: [[0.1, -1, 2]], intercept: [-4] },
  means: [40, 0.25, 0.75],
};

const LINE = {
  modeldrop: 1,
  kind: 'linear',
  features: ['x'],
  preparation: [{ step: 'standardize', mean: [2], scale: [4] }],
  parameters: { coefficients: [[8]], intercept: [1] },
  baseline: { rows: 9, features: [{ name: 'x', min: 0, max: 9, mean: 3 }] },
};

const POLYNOMIAL = {
  modeldrop: 1,
  kind: 'svm',
  features: ['x'],
  parameters: {
    type: 'epsilon_svr',
    kernel: { name: 'polynomial', gamma: 1, coef0: 0, degree: 2 },
    supportVectors: [[1]],
    coefficients: [[1]],
    rho: [0],
  },
};

const WIDE = {
  modeldrop: 1,
  kind: 'svm',
  features: Array.from({ length: 400 }, (_, k) => `x${k}`),
  parameters: {
    type: 'epsilon_svr',
    kernel: { name: 'rbf', gamma: 0.001 },
    supportVectors: Array.from({ length: 200 }, (_, i) => Array.from({ length: 400 }, (_, k) => (i * k) % 7)),
    coefficients: [Array.from({ length: 200 }, (_, i) => (i % 2 ? 1 : -1))],
    rho: [0],
  },
  means: Array.from({ length: 400 }, () => 3),
};

let house: House;
beforeAll(async () => {
  house = await openHouse(['iris']);
  for (const [name, model] of Object.entries({ mixed: MIXED, line: LINE, polynomial: POLYNOMIAL, wide: WIDE }))
    await house.drop(name, 'model.json', Buffer.from(JSON.stringify(model)));
});

const ask = (path: string, body: unknown) => house.api({ method: 'POST', path, body });

const sumOf = ({ base, contributions }: Explanation): number =>
  contributions.reduce((sum, { contribution }) => sum + contribution, base);

/** Age 50 in Oslo: -4 + 5 + 2 = 3 for yes; with the means -4 + 4 - 0.25 + 1.5 = 1.25. */
const ROW = { age: 50, city: 'Oslo' };
const EXPECTED = {
  class: 'yes',
  scale: 'log_odds',
  method: 'linear',
  base: 1.25,
  value: 3,
  contributions: [
    { feature: 'age', value: 50, contribution: 1 },
    { feature: 'city', value: 'Oslo', contribution: 0.75 },
  ],
};

describe('an explanation', () => {
  const tensors = [
    { name: 'age', shape: [1], datatype: 'FP64', data: [50] },
    { name: 'city', shape: [1], datatype: 'BYTES', data: ['Oslo'] },
  ];

  test.each<[string, string, unknown]>([
    ['KServe :explain', '/v1/models/mixed:explain', { instances: [ROW] }],
    ['KServe :explain with its colon encoded', '/v1/models/mixed%3Aexplain', { instances: [ROW] }],
    ['a parameter of :predict', '/v1/models/mixed:predict', { instances: [ROW], parameters: { explain: true } }],
    ['MLflow', '/invocations?model=mixed', { dataframe_records: [ROW], params: { explain: true } }],
    ['SageMaker', '/endpoints/mixed/invocations', { instances: [ROW], parameters: { explain: true } }],
  ])('comes by %s, beside the prediction', async (_, path, body) => {
    const { status, json } = await ask(path, body);
    expect(status).toBe(200);
    expect(json).toMatchObject({ predictions: ['yes'], explanations: [EXPECTED] });
  });

  test('comes by Open Inference v2, as a parameter of the answer', async () => {
    const { json } = await ask('/v2/models/mixed/infer', { inputs: tensors, parameters: { explain: true } });
    expect(json).toMatchObject({
      parameters: { explanations: [EXPECTED] },
      outputs: [{ name: 'predict', data: ['yes'] }, {}, {}],
    });
  });

  test('comes in the JSON before binary tensors', async () => {
    const parameters = { explain: true, binary_data_output: true };
    const { bytes, headers } = await ask('/v2/models/mixed/infer', { inputs: tensors, parameters });
    const length = Number(headers['inference-header-content-length']);
    expect(JSON.parse(Buffer.from(bytes.subarray(0, length)).toString())).toMatchObject({
      parameters: { explanations: [EXPECTED] },
    });
  });

  test('is of every class where all are asked for', async () => {
    const { json } = await ask('/v1/models/mixed:explain', { instances: [ROW, ROW], explain: 'all' });
    const [first, second] = (json as { explanations: Explanation[][] }).explanations;
    expect(first?.map(({ class: label, value }) => [label, value])).toEqual([
      ['no', -3],
      ['yes', 3],
    ]);
    expect(second).toEqual(first);
  });

  test('is of what stands in for a missing value, and says that it was missing', async () => {
    const { json } = await ask('/v1/models/mixed:explain', { instances: [{ age: null, city: 'Bergen' }] });
    const [explanation] = (json as { explanations: Explanation[] }).explanations;
    expect(explanation?.contributions[0]).toEqual({ feature: 'age', value: null, contribution: 0 });
    expect(explanation?.class).toBe('no');
  });

  test('is held against the means of a baseline where they only are scaled', async () => {
    const { json } = await ask('/v1/models/line:explain', { instances: [10] });
    expect(json).toMatchObject({
      predictions: [17],
      explanations: [
        { scale: 'value', base: 3, value: 17, contributions: [{ feature: 'x', value: 10, contribution: 14 }] },
      ],
    });
    expect((json as { explanations: Explanation[] }).explanations[0]).not.toHaveProperty('class');
  });

  test('of an RBF machine sums to its value', async () => {
    const instances = [Array.from({ length: 400 }, (_, k) => k % 5)];
    const { json } = await ask('/v1/models/wide:explain', { instances });
    const [explanation] = (json as { explanations: Explanation[] }).explanations as [Explanation];
    expect(isClose(sumOf(explanation), explanation.value)).toBe(true);
    expect(explanation.method).toBe('rbf_shapley');
    expect(isClose(explanation.value, (json as { predictions: number[] }).predictions[0] as number)).toBe(true);
  });
});

describe('an explanation that can not be given is 422', () => {
  test.each<[string, string, unknown, string]>([
    [
      'of a polynomial kernel',
      '/v1/models/polynomial:explain',
      { instances: [[1]] },
      'SVMs with a linear or RBF kernel, and trees are',
    ],
    ['of a model without means', '/v1/models/iris:explain', { instances: [[1, 2, 3, 4]] }, 'has no training means'],
    [
      'of more rows than fit into one answer',
      '/v1/models/wide:explain',
      { instances: Array.from({ length: 400 }, () => Array(400).fill(1)) },
      'at most',
    ],
  ])('%s', async (_, path, body, told) => {
    const { status, json } = await ask(path, body);
    expect(status).toBe(422);
    expect((json as { error: string }).error).toContain(told);
  });

  test('and a wish that nobody understands is 400', async () => {
    for (const [path, body] of [
      ['/v1/models/line:predict', { instances: [1], parameters: { explain: 'some' } }],
      [
        '/v2/models/line/infer',
        { inputs: [{ name: 'input', shape: [1, 1], datatype: 'FP64', data: [1] }], parameters: { explain: 'some' } },
      ],
    ] as const)
      expect((await ask(path, body)).status).toBe(400);
  });
});
