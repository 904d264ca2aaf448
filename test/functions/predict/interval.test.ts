import { beforeAll, describe, expect, test } from 'vitest';
import type { ModelJson } from '../../../models/formats/model-json.ts';
import { declaredBy } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';

/** Tried on nine rows: the residual of rank r is r. */
const LINE: ModelJson = {
  modeldrop: 1,
  kind: 'linear',
  features: ['x'],
  parameters: { coefficients: [[8]], intercept: [1] },
  baseline: { rows: 9, features: [{ name: 'x', min: 0, max: 9, mean: 3 }] },
  residuals: { method: 'out-of-fold', folds: 3, count: 9, values: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
};

const BARE: ModelJson = { ...LINE, features: ['x'] };
delete BARE.residuals;

/** Log-odds 2x - 1: sigmoid(1) = 0.731 at 1, sigmoid(3) = 0.953 at 2. */
const CAREFUL: ModelJson = {
  modeldrop: 1,
  kind: 'logistic',
  features: ['x'],
  labels: ['no', 'yes'],
  positive: 'yes',
  threshold: 0.9,
  means: [1],
  parameters: { coefficients: [[2]], intercept: [-1] },
  examples: [{ inputs: { instances: [1, 2] }, outputs: { predict: ['no', 'yes'] } }],
};

let house: House;
let expectDeclared: (reply: Reply) => void;
beforeAll(async () => {
  house = await openHouse(['iris']);
  for (const [name, model] of Object.entries({ line: LINE, bare: BARE, careful: CAREFUL }))
    await house.drop(name, 'model.json', Buffer.from(JSON.stringify(model)));
  expectDeclared = await declaredBy(house);
});

const ask = (path: string, body: unknown) => house.api({ method: 'POST', path, body });
const get = async (path: string) => (await house.api({ path })).json as Record<string, unknown>;
const input = { name: 'input', shape: [2, 1], datatype: 'FP64', data: [1, 2] };

describe('a prediction interval', () => {
  const EXPECTED = [
    { value: 9, lower: 1, upper: 17 },
    { value: 17, lower: 9, upper: 25 },
  ];

  test.each<[string, string, unknown]>([
    ['KServe :predict', '/v1/models/line:predict', { instances: [1, 2], parameters: { interval: 0.8 } }],
    ['MLflow', '/invocations?model=line', { inputs: [1, 2], params: { interval: 0.8 } }],
    ['SageMaker', '/endpoints/line/invocations', { instances: [1, 2], parameters: { interval: 0.8 } }],
  ])('comes by %s as one object a row', async (_, path, body) => {
    const reply = await ask(path, body);
    expect(reply.json).toEqual({ predictions: EXPECTED });
    expectDeclared(reply);
  });

  test('comes by Open Inference v2 as two outputs, as the parameter says', async () => {
    const reply = await ask('/v2/models/line/infer', { inputs: [input], parameters: { interval: 0.8 } });
    expect((reply.json as { outputs: unknown }).outputs).toEqual([
      { name: 'predict', shape: [2], datatype: 'FP64', data: [9, 17] },
      { name: 'predict_lower', shape: [2], datatype: 'FP64', parameters: { interval: 0.8 }, data: [1, 9] },
      { name: 'predict_upper', shape: [2], datatype: 'FP64', parameters: { interval: 0.8 }, data: [17, 25] },
    ]);
    expectDeclared(reply);
  });

  test('comes beside the outputs that are named, and in binary where one of it is asked for so', async () => {
    const outputs = [{ name: 'predict_upper', parameters: { binary_data: true } }];
    const { bytes, headers } = await ask('/v2/models/line/infer', {
      inputs: [input],
      outputs,
      parameters: { interval: 0.8 },
    });
    const length = Number(headers['inference-header-content-length']);
    const answer = JSON.parse(Buffer.from(bytes.subarray(0, length)).toString()) as { outputs: { name: string }[] };
    expect(answer.outputs.map(({ name }) => name)).toEqual(['predict_upper', 'predict_lower']);
    expect(Buffer.from(bytes.subarray(length)).readDoubleLE(0)).toBe(17);
  });

  test('comes beside explanations, and marks inputs outside all the same', async () => {
    const { json } = await ask('/v1/models/line:explain', { instances: [99], parameters: { interval: 0.5 } });
    expect(json).toMatchObject({
      predictions: [{ value: 793, lower: 788, upper: 798 }],
      explanations: [{ value: 793 }],
      parameters: { outside: [{ feature: 'x', value: 99 }] },
    });
  });

  test('is told beforehand by metadata and card', async () => {
    expect(await get('/v2/models/line')).toMatchObject({
      parameters: { interval: { maximum: 0.9, outputs: ['predict_lower', 'predict_upper'] } },
    });
    expect(await get('/v1/models/line/card')).toMatchObject({ largestInterval: 0.9 });
    expect(await get('/v2/models/bare')).not.toHaveProperty('parameters');
  });

  test.each<[string, string, unknown, string]>([
    [
      'wider than its residuals support',
      'line',
      0.95,
      'must be at most 0.9: the model was tried on 9 rows out of fold, got 0.95',
    ],
    ['of a model without residuals', 'bare', 0.9, 'holds no out-of-fold residuals'],
    ['of a classifier', 'careful', 0.9, 'intervals are of models that predict one number'],
  ])('%s is 422, in each protocol', async (_, model, interval, told) => {
    const bodies: [string, unknown][] = [
      [`/v1/models/${model}:predict`, { instances: [1], parameters: { interval } }],
      [`/invocations?model=${model}`, { inputs: [1], params: { interval } }],
      [`/v2/models/${model}/infer`, { inputs: [input], parameters: { interval } }],
    ];
    for (const [path, body] of bodies) {
      const { status, json } = await ask(path, body);
      expect([path, status, (json as { error: string }).error]).toEqual([path, 422, expect.stringContaining(told)]);
    }
  });

  test.each([0, 1, -0.5, '0.9', null, [0.9]])('of %j is 400', async (interval) => {
    for (const [path, body] of [
      ['/v1/models/line:predict', { instances: [1], parameters: { interval } }],
      ['/v2/models/line/infer', { inputs: [input], parameters: { interval } }],
    ] as const) {
      const { status, json } = await ask(path, body);
      expect([status, (json as { error: string }).error]).toEqual([
        400,
        expect.stringContaining('parameters.interval'),
      ]);
    }
  });

  test('is no output for the asking', async () => {
    const { status, json } = await ask('/v2/models/line/infer', {
      inputs: [input],
      outputs: [{ name: 'predict_lower' }],
    });
    expect([status, (json as { error: string }).error]).toEqual([
      422,
      expect.stringContaining('it comes with "parameters": {"interval": 0.9}'),
    ]);
  });
});

describe('a threshold', () => {
  test.each<[string, string, unknown]>([
    ['KServe', '/v1/models/careful:predict', { instances: [1, 2] }],
    ['MLflow', '/invocations?model=careful', { inputs: [1, 2] }],
    ['SageMaker', '/endpoints/careful/invocations', { instances: [1, 2] }],
  ])('is followed by %s', async (_, path, body) =>
    expect((await ask(path, body)).json).toEqual({ predictions: ['no', 'yes'] }),
  );

  test('is followed and told by Open Inference v2, and leaves probabilities as they are', async () => {
    const { json } = await ask('/v2/models/careful/infer', { inputs: [input] });
    const { outputs } = json as { outputs: { name: string; data: unknown[]; parameters: unknown }[] };
    expect(outputs[0]).toMatchObject({ data: ['no', 'yes'], parameters: { positive: 'yes', threshold: 0.9 } });
    expect(outputs[1]?.data[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    const metadata = (await get('/v2/models/careful')) as { outputs: { parameters: unknown }[] };
    expect(metadata.outputs[0]?.parameters).toEqual({ positive: 'yes', threshold: 0.9 });
    expect(await get('/v1/models/careful/card')).toMatchObject({ positive: 'yes', threshold: 0.9 });
  });

  test('is followed by explanations: they speak for what is answered', async () => {
    const { json } = await ask('/v1/models/careful:explain', { instances: [1] });
    expect(json).toMatchObject({ predictions: ['no'], explanations: [{ class: 'no', value: -1 }] });
  });

  test.each<[string, Partial<ModelJson>, string]>([
    ['a positive that is no label', { positive: 'maybe' }, 'must be one of the labels "no" and "yes"'],
    [
      'three labels',
      { labels: ['a', 'b', 'c'], positive: 'a', parameters: { coefficients: [[1], [2], [3]], intercept: [0, 0, 0] } },
      'is for a model of two labels',
    ],
    ['a threshold of 1', { threshold: 1 }, 'threshold'],
    [
      'golden examples that go by the likelier label',
      { examples: [{ inputs: { instances: [1] }, outputs: { predict: ['yes'] } }] },
      'must be what the model answers; it answers "no"',
    ],
  ])('is refused with %s', async (_, stated, told) => {
    const { means: _means, ...careful } = CAREFUL;
    const name = `refused-${told.length}`;
    await house.drop(name, 'model.json', Buffer.from(JSON.stringify({ ...careful, ...stated })));
    const report = await house.inbox.read(`inbox/${name}/model.json.report.json`);
    expect(JSON.parse(Buffer.from(report?.bytes ?? []).toString()).error).toContain(told);
  });
});
