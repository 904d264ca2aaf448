import { beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../house.ts';
import { type KnownName, knownModels } from '../../models.ts';
import { expectPredictions, v2Of } from '../../replies.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse(['line', 'diagnosis', 'iris']);
});

const TRITON = 'application/vnd.sagemaker-triton.binary+json';

const invoke = (model: string, body: unknown, headers: Record<string, string> = {}) =>
  house.api({ method: 'POST', path: `/endpoints/${model}/invocations`, headers, body });

const libsvmOf = (rows: readonly (readonly number[])[], label: string) =>
  rows.map((row) => label + row.flatMap((value, i) => (value === 0 ? [] : [`${i + 1}:${value}`])).join(' ')).join('\n');

describe.each(['line', 'diagnosis', 'iris'] as const)('%s answers as its reference', (name: KnownName) => {
  const { features, rows, predictions } = knownModels[name];
  const tensor = { name: 'input', shape: [rows.length, features.length], datatype: 'FP64', data: rows };

  test.each<[string, unknown, Record<string, string>?]>([
    ['a V1 body', { instances: rows }],
    ['V1 inputs', { inputs: rows }],
    ['an MLflow body', { dataframe_split: { columns: features, data: rows } }],
    ['CSV', rows.map((row) => row.join(',')).join('\n'), { 'Content-Type': 'text/csv' }],
    ['LIBSVM rows', libsvmOf(rows, ''), { 'Content-Type': 'text/libsvm' }],
    ['LIBSVM rows with labels', libsvmOf(rows, '1 '), { 'Content-Type': 'text/x-libsvm' }],
    ['JSON under a content type that is not', { instances: rows }, { 'Content-Type': 'application/octet-stream' }],
    ['its own name as target', { instances: rows }, { 'X-Amzn-SageMaker-Target-Model': name }],
    ['its archive as target', { instances: rows }, { 'X-Amzn-SageMaker-Target-Model': `${name}.tar.gz` }],
  ])('to %s', async (_, body, headers) => {
    const reply = await invoke(name, body, headers);
    expectPredictions(reply, predictions);
    expect(reply.headers).toMatchObject({ 'x-amzn-invoked-production-variant': 'AllTraffic' });
  });

  test('to a v2 body', async () => {
    expect(v2Of(await invoke(name, { inputs: [tensor] })).by.predict?.data).toHaveLength(predictions.length);
  });

  test('to binary tensors, announced the way that passes InvokeEndpoint', async () => {
    const tail = Buffer.from(Float64Array.from(rows.flat()).buffer);
    const { data: _, ...head } = { ...tensor, parameters: { binary_data_size: tail.length } };
    const request = { inputs: [head], outputs: [{ name: 'predict', parameters: { binary_data: true } }] };
    const header = Buffer.from(JSON.stringify(request));
    const type = `${TRITON};json-header-size=${header.length}`;
    const { status, headers, bytes } = await invoke(name, Buffer.concat([header, tail]), { 'Content-Type': type });
    expect(status).toBe(200);
    const [, size] = /json-header-size=(\d+)$/.exec(headers['content-type'] ?? '') ?? [];
    const answer = JSON.parse(Buffer.from(bytes.subarray(0, Number(size))).toString());
    expect(answer.outputs[0].parameters.binary_data_size).toBe(predictions.length * 8);
    expect(bytes.length).toBe(Number(size) + predictions.length * 8);
  });
});

const LIBSVM = { 'content-type': 'text/libsvm' };

describe('refuses, in the words that an AWS SDK reads', () => {
  test.each<[string, unknown, number, Record<string, string>?]>([
    ['another target', { instances: [[1, 2, 3, 4]] }, 400, { 'X-Amzn-SageMaker-Target-Model': 'line' }],
    ['an array', [[1, 2, 3, 4]], 400],
    ['nothing', undefined, 400],
    ['an empty object', {}, 400],
    ['binary tensors without a size', '{}', 400, { 'Content-Type': TRITON }],
    ['binary tensors with a size beyond the body', '{}', 400, { 'Content-Type': `${TRITON};json-header-size=3` }],
    ['binary tensors with a size that is none', '{}', 400, { 'Content-Type': `${TRITON};json-header-size=-1` }],
    ['LIBSVM without a row', '', 400, LIBSVM],
    ['LIBSVM with an index of 0', '0:1', 422, LIBSVM],
    ['LIBSVM with an index too high', '5:1', 422, LIBSVM],
    ['LIBSVM with an index twice', '1:1 1:2', 400, LIBSVM],
    ['LIBSVM with falling indices', '2:1 1:2', 400, LIBSVM],
    ['LIBSVM without a value', '1:', 400, LIBSVM],
    ['LIBSVM with a hexadecimal value', '1:0x10', 400, LIBSVM],
    ['LIBSVM with a word', '1:1 two:2', 400, LIBSVM],
    ['LIBSVM with three parts', '1:1:1', 400, LIBSVM],
    ['LIBSVM with a value beyond doubles', '1:1e400', 422, LIBSVM],
    ['LIBSVM with NaN', '1:nan', 400, LIBSVM],
    ['LIBSVM with a fraction as index', '1.5:1', 400, LIBSVM],
  ])('%s', async (_, body, status, headers) => {
    const reply = await invoke('iris', body, headers);
    expect(reply.status, reply.text).toBe(status);
    expect(reply.json).toMatchObject({
      ErrorCode: 'ValidationError',
      Message: expect.any(String),
      error: expect.any(String),
    });
    expect(reply.headers['x-amzn-errortype']).toBe('ValidationError');
  });
});

test('sparse rows that would become too large are refused before they are', async () => {
  const reply = await invoke('diagnosis', '1\n'.repeat(400_000), LIBSVM);
  expect(reply.status).toBe(413);
});
