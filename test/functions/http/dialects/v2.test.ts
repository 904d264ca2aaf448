import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../../../closeness.ts';
import { type House, openHouse } from '../../house.ts';
import { type KnownName, knownModels } from '../../models.ts';
import { errorOf, v2Of } from '../../replies.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse(['line', 'diagnosis', 'iris']);
});

const { line, diagnosis, iris } = knownModels;

const infer = (model: string, body: unknown, headers: Record<string, string> = {}) =>
  house.api({ method: 'POST', path: `/v2/models/${model}/infer`, headers, body });

const inputOf = (rows: readonly (readonly number[])[], more: object = {}) => ({
  name: 'input',
  shape: [rows.length, rows[0]?.length ?? 0],
  datatype: 'FP64',
  data: rows.flat(),
  ...more,
});

describe.each(['line', 'diagnosis', 'iris'] as const)('%s answers as its reference', (name: KnownName) => {
  const { rows, predictions, probabilities } = knownModels[name];

  test.each([
    ['flat', rows.flat()],
    ['nested', rows],
  ])('to %s data', async (_, data) => {
    const { by, model_name, model_version } = v2Of(await infer(name, { inputs: [inputOf(rows, { data })] }));
    expect({ model_name, model_version }).toEqual({ model_name: name, model_version: '1' });
    expect(by.predict?.shape).toEqual([rows.length]);
    expectClose(by.predict?.data ?? [], predictions as number[]);
    expect(by.predict_proba === undefined).toBe(probabilities === undefined);
    if (probabilities) expectClose(by.predict_proba?.data ?? [], probabilities.flat());
  });

  test('to binary tensors in, byte for byte what it answers in JSON out', async () => {
    const plain = v2Of(await infer(name, { inputs: [inputOf(rows)] }));
    const { headers, bytes, status } = await binary(name, rows, { binary_data_output: true });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/octet-stream');
    const length = Number(headers['inference-header-content-length']);
    const answer = JSON.parse(Buffer.from(bytes.subarray(0, length)).toString());
    let at = length;
    for (const [i, output] of answer.outputs.entries()) {
      const size = output.parameters.binary_data_size as number;
      expect(output.data).toBeUndefined();
      expect(elementsOf(output.datatype, bytes.slice(at, at + size))).toEqual(plain.outputs[i]?.data);
      at += size;
    }
    expect(at).toBe(bytes.length);
  });
});

function elementsOf(datatype: string, bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (i: number) =>
    datatype === 'INT64' ? Number(view.getBigInt64(8 * i, true)) : view.getFloat64(8 * i, true);
  return Array.from({ length: bytes.length / 8 }, (_, i) => read(i));
}

function binary(model: string, rows: readonly (readonly number[])[], parameters: object) {
  const tail = Buffer.from(Float64Array.from(rows.flat()).buffer);
  const { data: _, ...head } = inputOf(rows, { parameters: { binary_data_size: tail.length } });
  const header = Buffer.from(JSON.stringify({ inputs: [head], parameters }));
  return infer(model, Buffer.concat([header, tail]), { 'Inference-Header-Content-Length': String(header.length) });
}

describe('one bare tensor, Inference-Header-Content-Length 0', () => {
  test.each([1, 2, 30])('of %i rows, as many as the length says', async (count) => {
    const rows = iris.rows.slice(0, count);
    const body = Buffer.from(Float64Array.from(rows.flat()).buffer);
    const { by } = v2Of(await infer('iris', body, { 'inference-header-content-length': '0' }));
    expect(by.predict?.data).toEqual(iris.predictions.slice(0, count));
  });

  test('refuses bytes that are no whole row', async () => {
    const reply = await infer('iris', Buffer.alloc(31), { 'inference-header-content-length': '0' });
    expect(reply.status).toBe(400);
    expect(errorOf(reply)).toContain('multiple of 32 bytes');
  });
});

describe('outputs', () => {
  const ask = (more: object) => infer('iris', { inputs: [inputOf(iris.rows.slice(0, 1))], ...more });

  test.each([
    ['absent', {}, ['predict', 'decision_function', 'predict_proba']],
    ['none', { outputs: [] }, ['predict', 'decision_function', 'predict_proba']],
    ['one', { outputs: [{ name: 'predict' }] }, ['predict']],
    [
      'two, in the order asked',
      { outputs: [{ name: 'predict_proba' }, { name: 'predict' }] },
      ['predict_proba', 'predict'],
    ],
  ])('%s', async (_, more, expected) => {
    const names = v2Of(await ask(more)).outputs.map(({ name }) => name);
    if ('outputs' in more && more.outputs.length > 0) expect(names).toEqual(expected);
    else expect(names.toSorted()).toEqual(expected.toSorted());
  });

  test('one in binary beside one in JSON', async () => {
    const outputs = [{ name: 'predict' }, { name: 'predict_proba', parameters: { binary_data: true } }];
    const { headers, bytes } = await ask({ outputs });
    const length = Number(headers['inference-header-content-length']);
    const answer = JSON.parse(Buffer.from(bytes.subarray(0, length)).toString());
    expect(answer.outputs[0].data).toEqual([iris.predictions[0]]);
    expect(answer.outputs[1].parameters.binary_data_size).toBe(24);
    expectClose(elementsOf('FP64', bytes.slice(length)), iris.probabilities?.[0] as number[]);
  });

  test('binary by request, JSON for the one that says so', async () => {
    const outputs = [{ name: 'predict', parameters: { binary_data: false } }];
    const { by } = v2Of(await ask({ parameters: { binary_data_output: true }, outputs }));
    expect(by.predict?.data).toEqual([iris.predictions[0]]);
  });

  test('say the labels of their columns', async () => {
    expect(v2Of(await ask({})).by.predict_proba?.parameters).toEqual({ labels: [1, 0, 2] });
  });
});

describe('the id', () => {
  const ask = (more: object) => infer('line', { inputs: [inputOf([[0.5]])], ...more });

  test('comes back', async () => {
    expect(v2Of(await ask({ id: 'a-7 é' })).id).toBe('a-7 é');
    expect(v2Of(await ask({ id: '' })).id).toBe('');
  });

  test('is made where there is none, and is that of the request', async () => {
    const reply = await ask({});
    expect(v2Of(reply).id).toBe(reply.headers['x-request-id']);
    expect(v2Of(reply).id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('values outside the training range', () => {
  test('are named', async () => {
    const { parameters } = v2Of(await infer('line', { inputs: [inputOf([[0.5], [2], [-3]])] }));
    expect(parameters?.outside).toMatchObject([
      { row: 1, feature: 'x', value: 2 },
      { row: 2, feature: 'x', value: -3 },
    ]);
  });

  test('are not spoken of where there are none', async () => {
    expect(v2Of(await infer('line', { inputs: [inputOf([[0.5]])] })).parameters).toBeUndefined();
  });
});

describe('an FP64 input', () => {
  test.each(['INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64', 'FP16', 'FP32', 'FP64'])(
    'takes %s whose values fit',
    async (datatype) => {
      const expected = v2Of(await infer('line', { inputs: [inputOf([[7]])] }));
      const answered = v2Of(await infer('line', { inputs: [inputOf([[7]], { datatype })] }));
      expect(answered.by.predict?.data).toEqual(expected.by.predict?.data);
    },
  );

  test.each(['BOOL', 'BYTES'])('does not take %s', async (datatype) => {
    const data = datatype === 'BOOL' ? [true] : ['7'];
    const reply = await infer('line', { inputs: [inputOf([[7]], { datatype, data })] });
    expect(reply.status).toBe(422);
  });
});

test('a version can be named, and says so', async () => {
  const reply = await house.api({
    method: 'POST',
    path: '/v2/models/diagnosis/versions/1/infer',
    body: { inputs: [inputOf(diagnosis.rows)] },
  });
  expect(v2Of(reply).by.predict?.data).toEqual(diagnosis.predictions);
  expect(reply.headers).toMatchObject({ 'x-modeldrop-version': '1', 'x-modeldrop-channel': 'pinned' });
});

test('no rows are answered by no predictions', async () => {
  const { by } = v2Of(await infer('line', { inputs: [inputOf([], { shape: [0, 1], data: [] })] }));
  expect(by.predict).toMatchObject({ shape: [0], data: [] });
});

test('the reference of the line is on its own line', () => {
  expect(line.rows).toHaveLength(20);
});
