import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../../../closeness.ts';
import { categories, FLOAT, INT64, node, onnx, value } from '../../../models/formats/onnx/written.ts';
import { referenceFile, referenceJson } from '../../../reference.ts';
import { type House, openHouse, type Reply } from '../../house.ts';

let house: House;

/** A count beside a number, and two outputs whose meanings nobody knows. */
const counted = (): Uint8Array =>
  onnx({
    node: [node('Identity', ['count'], ['same']), node('Identity', ['size'], ['also'])],
    input: [value('count', INT64, ['N']), value('size', FLOAT, ['N', 1])],
    output: [value('same', INT64, ['N']), value('also', FLOAT, ['N', 1])],
  });

beforeAll(async () => {
  house = await openHouse();
  await house.drop('city', 'model.onnx', categories());
  await house.drop('counted', 'model.onnx', counted());
  for (const name of ['linear', 'logistic', 'digits-cnn']) {
    await house.drop(name, `${name}.onnx`, referenceFile(`models/${name}.onnx`).bytes);
  }
}, 120_000);

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  house.api({ method: 'POST', path, body, headers });
const v1 = (model: string, body: unknown) => post(`/v1/models/${model}:predict`, body);
const predictions = (reply: Reply): unknown => {
  expect(reply.text).toMatch(/^\{"predictions"/);
  return (reply.json as { predictions: unknown }).predictions;
};

interface Expected {
  readonly input: number[][];
  readonly prediction: number[];
  readonly label: number[];
  readonly probabilities: number[][];
  readonly logits: number[][];
}
const expectedOf = (name: string) => referenceJson<Expected>(`models/${name}.expected.json`);

describe('KServe V1 and MLflow', () => {
  test('answer a regression by one number a row', async () => {
    const { input, prediction } = expectedOf('linear');
    expectClose(predictions(await v1('linear', { instances: input })) as number[], prediction, 1e-5);
  });

  test('answer a classifier by its label, and by probabilities on demand', async () => {
    const { input, label, probabilities } = expectedOf('logistic');
    expect(predictions(await v1('logistic', { instances: input }))).toEqual(label);
    expect(predictions(await post('/invocations?model=logistic', { inputs: input }))).toEqual(label);
    const reply = await v1('logistic', { instances: input.slice(0, 1), parameters: { probabilities: true } });
    const [{ label: first, probabilities: by }] = predictions(reply) as [{ label: number; probabilities: object }];
    expect([first, Object.keys(by)]).toEqual([label[0], ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']]);
    expectClose(Object.values(by), probabilities[0] as number[], 1e-5);
  });

  test('answer pictures by their one output, from arrays as they are nested', async () => {
    const { input, logits } = expectedOf('digits-cnn');
    const pictures = input.map((pixels) => [Array.from({ length: 8 }, (_, y) => pixels.slice(8 * y, 8 * y + 8))]);
    for (const body of [
      { instances: pictures },
      { instances: pictures.map((picture) => ({ input: picture })) },
      { inputs: { input: pictures } },
    ]) {
      expectClose(predictions(await v1('digits-cnn', body)) as number[][], logits, 1e-4);
    }
    const table = { dataframe_split: { columns: ['input'], data: pictures.map((picture) => [picture]) } };
    expectClose(predictions(await post('/invocations?model=digits-cnn', table)) as number[][], logits, 1e-4);
  });

  test('answer one object a row where nobody knows what the outputs mean', async () => {
    const reply = await v1('counted', {
      instances: [
        { count: 3, size: 0.5 },
        { count: -1, size: 2 },
      ],
    });
    expect(predictions(reply)).toEqual([
      { same: 3, also: 0.5 },
      { same: -1, also: 2 },
    ]);
  });

  test('take records, rows and CSV by the names of inputs, texts too', async () => {
    const records = [
      { age: 30, city: 'Oslo' },
      { age: 27, city: 'nowhere' },
    ];
    const rows = records.map(({ age, city }) => [age, city]);
    for (const reply of [
      await v1('city', { instances: records }),
      await v1('city', { instances: rows }),
      await v1('city', { inputs: { age: [30, 27], city: ['Oslo', 'nowhere'] } }),
      await post('/invocations?model=city', { dataframe_records: records }),
      await post('/invocations?model=city', 'city,age\nOslo,30\nnowhere,27\n', { 'Content-Type': 'text/csv' }),
    ]) {
      expect(predictions(reply)).toEqual(['yes', 'no']);
    }
  });

  test('name the labels of probabilities', async () => {
    const reply = await v1('city', { instances: [{ age: 30, city: 'Oslo' }], parameters: { probabilities: true } });
    const [{ label, probabilities }] = predictions(reply) as [{ label: string; probabilities: Record<string, number> }];
    expect([label, Object.keys(probabilities)]).toEqual(['yes', ['no', 'yes']]);
    expectClose([probabilities.yes as number], [1 / (1 + Math.exp(-2))], 1e-6);
  });

  test.each([
    ['a fraction for a whole number', { count: 1.5, size: 1 }, 'instances[0].count must be a whole number'],
    ['nothing for a whole number', { count: null, size: 1 }, 'instances[0].count must be a whole number'],
    ['too large a whole number', { count: 2 ** 53, size: 1 }, 'instances[0].count must be a whole number'],
    ['a text for a number', { count: 1, size: 'big' }, 'instances[0].size must be a finite number within FP32'],
    [
      'what single precision does not hold',
      { count: 1, size: 1e300 },
      'instances[0].size must be a finite number within FP32',
    ],
  ])('refuse %s', async (_, row, why) => {
    const reply = await v1('counted', { instances: [row] });
    expect([reply.status, (reply.json as { error: string }).error]).toEqual([422, expect.stringContaining(why)]);
  });

  test('refuse a missing text, and a picture of another size', async () => {
    const missing = await v1('city', { instances: [{ age: 1, city: null }] });
    expect([missing.status, missing.text]).toEqual([422, expect.stringContaining('instances[0].city must be a text')]);
    const small = await v1('digits-cnn', {
      instances: [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
    });
    expect([small.status, small.text]).toEqual([
      422,
      expect.stringContaining('must have shape [-1,1,8,8], got [1,1,2,2]'),
    ]);
    const ragged = await v1('digits-cnn', { instances: [[[[1, 2], [3]]]] });
    expect([ragged.status, ragged.text]).toEqual([
      422,
      expect.stringContaining('instances[0][0][1] must be an array of 2'),
    ]);
  });

  test('never make null of a NaN', async () => {
    const reply = await v1('counted', { instances: [{ count: 1, size: null }] });
    expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('output also[0] is NaN')]);
    const v2 = await post('/v2/models/counted/infer', {
      inputs: [
        { name: 'count', datatype: 'INT64', shape: [1], data: [1] },
        { name: 'size', datatype: 'FP32', shape: [1, 1], data: [null] },
      ],
    });
    expect([v2.status, v2.text]).toEqual([422, expect.stringContaining('output also[0] is NaN')]);
  });
});

describe('Open Inference v2', () => {
  test('keeps the names of the model, and says what its columns are', async () => {
    const { input, label, probabilities } = expectedOf('logistic');
    const body = { inputs: [{ name: 'input', datatype: 'FP32', shape: [40, 64], data: input.flat() }] };
    const reply = await post('/v2/models/logistic/infer', body);
    const { outputs } = reply.json as { outputs: { name: string; data: number[]; parameters?: object }[] };
    expect(outputs.map(({ name }) => name)).toEqual(['label', 'probabilities']);
    expect(outputs[0]?.data).toEqual(label);
    expectClose(outputs[1]?.data ?? [], probabilities.flat(), 1e-5);
    expect(outputs[1]?.parameters).toEqual({ labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
  });

  test('carries binary tensors in and out', async () => {
    const { input, probabilities } = expectedOf('logistic');
    const head = JSON.stringify({
      inputs: [{ name: 'input', datatype: 'FP32', shape: [40, 64], parameters: { binary_data_size: 40 * 64 * 4 } }],
      outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
    });
    const tensor = Buffer.from(Float32Array.from(input.flat()).buffer);
    const body = Buffer.concat([Buffer.from(head), tensor]);
    const reply = await post('/v2/models/logistic/infer', body, {
      'Inference-Header-Content-Length': String(head.length),
    });
    const behind = Number(reply.headers['inference-header-content-length']);
    const bytes = Uint8Array.from(reply.bytes.subarray(behind));
    expectClose(new Float32Array(bytes.buffer), probabilities.flat(), 1e-5);
  });

  test('answers no rows with no rows', async () => {
    const body = { inputs: [{ name: 'input', datatype: 'FP32', shape: [0, 64], data: [] }] };
    const { outputs } = (await post('/v2/models/logistic/infer', body)).json as { outputs: { shape: number[] }[] };
    expect(outputs.map(({ shape }) => shape)).toEqual([[0], [0, 10]]);
  });

  test('tells in the metadata whose platform it is, and in the card what it is made of', async () => {
    const metadata = (await house.api({ path: '/v2/models/digits-cnn' })).json;
    expect(metadata).toMatchObject({
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 1, 8, 8] }],
      outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 10] }],
    });
    const card = (await house.api({ path: '/v1/models/digits-cnn/card' })).json;
    expect(card).toMatchObject({
      placement: 'lambda',
      reason: expect.stringContaining('337,536 multiply-adds a row'),
      onnx: { parameters: 38_282, operators: { Conv: 2 } },
    });
  });

  test('describes rows in OpenAPI by what they hold', async () => {
    const { components } = (await house.api({ path: '/openapi.json' })).json as {
      components: { schemas: Record<string, { properties: unknown }> };
    };
    expect(components.schemas['Row-city']?.properties).toEqual({ age: { type: 'number' }, city: { type: 'string' } });
  });
});

describe('a drop', () => {
  const state = async (model: string) => {
    const { drops } = (await house.api({ path: `/v1/models/${model}/drops` })).json as { drops: unknown[] };
    return drops[0];
  };

  test('notes what is served otherwise than the file says', async () => {
    expect(await state('city')).toMatchObject({ state: 'released', notes: [expect.stringContaining('ZipMap')] });
  });

  test('is proved by golden examples, which speak of roles', async () => {
    const { input, label, probabilities } = expectedOf('logistic');
    const examples = (answer: unknown) =>
      Buffer.from(
        JSON.stringify([
          {
            inputs: { instances: input.slice(0, 2) },
            outputs: { predict: answer, predict_proba: probabilities.slice(0, 2) },
          },
        ]),
      );
    const { bytes } = referenceFile('models/logistic.onnx');
    await house.inbox.create('inbox/golden/examples.json', examples(label.slice(0, 2)));
    await house.drop('golden', 'model.onnx', bytes);
    expect(await state('golden')).toMatchObject({ state: 'released' });
    await house.inbox.create('inbox/golden/examples.json', examples([label[0], 99]));
    await house.drop('golden', 'again.onnx', bytes);
    expect(await state('golden')).toMatchObject({ state: 'refused', error: expect.stringContaining('it answers') });
  });

  test('that can answer nothing is refused', async () => {
    const broken = onnx({
      node: [node('Gather', ['w', 'far'], ['z']), node('Add', ['x', 'z'], ['y'])],
      initializer: [
        { name: 'w', dataType: FLOAT, dims: [1n], floatData: [1] },
        { name: 'far', dataType: INT64, dims: [1n], int64Data: [5n] },
      ],
      input: [value('x', FLOAT, ['N', 2])],
      output: [value('y', FLOAT, ['N', 2])],
    });
    await house.drop('broken', 'model.onnx', broken);
    expect(
      JSON.parse(new TextDecoder().decode((await house.inbox.read('inbox/broken/model.onnx.report.json'))?.bytes))
        .error,
    ).toMatch(/out of data bounds|not taken by ONNX Runtime/);
  });
});
