import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../closeness.ts';
import { referenceFile, referenceJson } from '../reference.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
}, 60_000);

afterAll(async () => {
  expect(await platform?.stop()).toBe(0);
  for (const cleanup of cleanups) await cleanup();
});

async function served(model: string, bytes: Uint8Array): Promise<void> {
  const stated = Buffer.from(JSON.stringify({ placement: 'endpoint-async' }));
  await dropFile(platform.home, model, 'drop.json', stated);
  await dropFile(platform.home, model, 'model.onnx', bytes);
  while ((await platform.call('GET', `/v2/models/${model}`)).status !== 200) await sleep(50);
}

interface Job {
  readonly id: string;
  readonly state: string;
  readonly error?: string;
}

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;

async function ended(id: string): Promise<Job> {
  const look = () => json<Job>(platform.call('GET', `/v1/jobs/${id}`));
  const isOver = async () => !['queued', 'running'].includes((await look()).state);
  await expect.poll(isOver, { timeout: 80_000, interval: 50 }).toBe(true);
  return look();
}

describe('a CNN, dropped with "placement": "endpoint-async"', { timeout: 90_000 }, () => {
  const { input, logits } = referenceJson<{ input: number[][]; logits: number[][] }>('models/digits-cnn.expected.json');
  const tensor = { name: 'input', datatype: 'FP32', shape: [input.length, 1, 8, 8] };
  const body = { inputs: [{ ...tensor, data: input.flat(3) }] };

  beforeAll(() => served('digits', referenceFile('models/digits-cnn.onnx').bytes), 60_000);

  it('says on its card where it runs', async () => {
    const card = await json<Record<string, string>>(platform.call('GET', '/v1/models/digits/card'));
    expect(card).toMatchObject({ placement: 'endpoint-async', reason: expect.stringMatching(/by jobs, in Triton/) });
  });

  it('sends whoever waits to its jobs', async () => {
    const answer = await platform.call('POST', '/v2/models/digits/infer', body);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining('POST /v1/models/digits/jobs') });
  });

  it('answers a job as PyTorch does, and leaves nothing of it in the bucket', async () => {
    const { id } = await json<Job>(platform.call('POST', '/v1/models/digits/jobs', body));
    expect(await ended(id)).toMatchObject({ state: 'succeeded' });
    const answer = await platform.call('GET', `/v1/jobs/${id}/result`);
    expect(answer.headers.get('x-modeldrop-placement')).toBe('endpoint-async');
    const { outputs } = (await answer.json()) as { outputs: { data: number[] }[] };
    expectClose(outputs[0]?.data ?? [], logits, 1e-4);
    const left = await Promise.all(
      ['inputs', 'outputs'].map((folder) => readdir(join(platform.home, 'async', folder))),
    );
    expect(left.flat()).toEqual([]);
  });

  it("fails a job whose input is not the model's, in words", async () => {
    const wrong = { inputs: [{ ...tensor, shape: [1, 1, 8, 9], data: Array(72).fill(0) }] };
    const { id } = await json<Job>(platform.call('POST', '/v1/models/digits/jobs', wrong));
    expect(await ended(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('input') });
  });
});
