import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;
let biopsy: number[];

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups) });
  const table = await readFile(join(import.meta.dirname, '../../examples/diagnosis/breast_cancer.csv'), 'utf8');
  biopsy = (table.split('\n')[1] as string).split(',').slice(0, -1).map(Number);
});

afterAll(async () => {
  await platform?.stop();
  for (const cleanup of cleanups) await cleanup();
});

const post = async (path: string, body: unknown) => {
  const response = await platform.call('POST', path, body);
  return { status: response.status, body: await response.json() };
};

describe.each([
  ['linear-regression', () => [0.5], () => 1.1350749277227847 + 0.5 * 1.9669004024264818],
  ['diagnosis', () => biopsy, () => 0],
  ['iris', () => [6.1, 3.0, 4.6, 1.4], () => 1],
])('%s answers', (model, row, expected) => {
  it.each([
    ['V1', () => `/v1/models/${model}:predict`, () => ({ instances: [row()] })],
    ['MLflow', () => `/v1/models/${model}/invocations`, () => ({ dataframe_split: { data: [row()] } })],
    ['MLflow, model in the query', () => `/invocations?model=${model}`, () => ({ inputs: [row()] })],
    ['SageMaker', () => `/endpoints/${model}/invocations`, () => ({ instances: [row()] })],
  ])('in %s', async (_, path, body) => {
    const answer = await post(path(), body());
    expect(answer.status).toBe(200);
    expect((answer.body as { predictions: number[] }).predictions[0]).toBeCloseTo(expected(), 9);
  });

  it('in Open Inference v2', async () => {
    const input = { name: 'input', shape: [1, row().length], datatype: 'FP64', data: row() };
    const { status, body } = await post(`/v2/models/${model}/infer`, { id: 'mine', inputs: [input] });
    const { id, model_name, outputs } = body as {
      id: string;
      model_name: string;
      outputs: { name: string; data: number[] }[];
    };
    expect([status, id, model_name]).toEqual([200, 'mine', model]);
    expect(outputs.find(({ name }) => name === 'predict')?.data[0]).toBeCloseTo(expected(), 9);
  });
});

it('answers a binary tensor written byte by byte', async () => {
  const header = new TextEncoder().encode(
    '{"inputs":[{"name":"input","shape":[2,1],"datatype":"FP32","parameters":{"binary_data_size":8}}],' +
      '"parameters":{"binary_data_output":true}}',
  );
  // 0.5 and 2 as little-endian IEEE 754 singles.
  const tensor = Uint8Array.from([0x00, 0x00, 0x00, 0x3f, 0x00, 0x00, 0x00, 0x40]);
  const response = await fetch(`${platform.url}/v2/models/linear-regression/infer`, {
    method: 'POST',
    headers: { 'x-api-key': platform.key, 'Inference-Header-Content-Length': String(header.length) },
    body: Buffer.concat([header, tensor]),
  });
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  const start = Number(response.headers.get('inference-header-content-length'));
  const { outputs, parameters } = JSON.parse(bytes.subarray(0, start).toString());
  expect(outputs).toEqual([{ name: 'predict', shape: [2], datatype: 'FP64', parameters: { binary_data_size: 16 } }]);
  expect(parameters.outside).toEqual([
    { row: 1, feature: 'x', value: 2, range: [expect.any(Number), expect.any(Number)] },
  ]);
  expect(bytes.readDoubleLE(start)).toBeCloseTo(1.1350749277227847 + 0.5 * 1.9669004024264818, 9);
  expect(bytes.readDoubleLE(start + 8)).toBeCloseTo(5.06887573, 7);
});
