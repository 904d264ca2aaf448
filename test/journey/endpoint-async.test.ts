import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryTensors } from '../../apps/client/binary-tensors.ts';
import { client } from '../../apps/client/client.ts';
import { expectClose } from '../closeness.ts';
import { counting, FLOAT, node, onnx, value } from '../models/formats/onnx/written.ts';
import { referenceFile, referenceJson } from '../reference.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

beforeAll(async () => {
  const home = await temporaryHome(cleanups);
  const ago = new Date(Date.now() - 7 * 3_600_000);
  await mkdir(join(home, 'async/inputs'), { recursive: true });
  await writeFile(join(home, 'async/inputs/of-a-killed-take'), '');
  await utimes(join(home, 'async/inputs/of-a-killed-take'), ago, ago);
  platform = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });
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

const left = async (folder: string): Promise<string[]> =>
  (await readdir(join(platform.home, 'async', folder)).catch(() => [])).filter((name) => !name.endsWith('.part'));

/** Once a job has ended, what it asked and was answered goes. */
const expectNothingLeft = () =>
  expect
    .poll(async () => (await Promise.all(['inputs', 'outputs', 'failures', 'queue'].map(left))).flat(), {
      timeout: 20_000,
    })
    .toEqual([]);

/** Kills the processes of the endpoint: the one that listens, and the one that does what was asked. */
async function killEndpoint(): Promise<void> {
  const { stdout } = await promisify(execFile)('pgrep', ['-f', `${join(platform.home, 'async')} (listens|runs)$`]);
  for (const pid of stdout.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
}

it('a start removes what earlier ones have left', expectNothingLeft);

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
    await expectNothingLeft();
  });

  it("fails a job whose input is not the model's, in words", async () => {
    const wrong = { inputs: [{ ...tensor, shape: [1, 1, 8, 9], data: Array(72).fill(0) }] };
    const { id } = await json<Job>(platform.call('POST', '/v1/models/digits/jobs', wrong));
    expect(await ended(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('input') });
  });
});

describe('a model that computes for as long as its input says', { timeout: 110_000 }, () => {
  const start = (rows: readonly (readonly number[])[]) =>
    json<Job>(platform.call('POST', '/v1/models/counting/jobs', { instances: rows }));
  const queued = (calls: number) =>
    expect.poll(async () => (await left('queue')).length, { timeout: 60_000 }).toBe(calls);

  beforeAll(() => served('counting', counting()), 60_000);

  it('loses no job that waits when the endpoint is killed, and fails the one that has it die', async () => {
    const endless = await start([[1e12, 0]]);
    await queued(1);
    const short = await start([[2, 3]]);
    await queued(2);
    for (let kills = 1; kills <= 3; kills++) {
      const begun = async () => {
        const [first = ''] = (await left('queue')).sort();
        return JSON.parse(await readFile(join(platform.home, 'async/queue', first), 'utf8')).begun;
      };
      await expect.poll(begun, { timeout: 30_000 }).toBe(kills);
      await killEndpoint();
    }
    expect(await ended(short.id)).toMatchObject({ state: 'succeeded' });
    const { predictions } = await json<{ predictions: unknown }>(platform.call('GET', `/v1/jobs/${short.id}/result`));
    expect(predictions).toEqual([[7, 8]]);
    const failed = { state: 'failed', error: expect.stringContaining('begun 3 times') };
    expect(await ended(endless.id)).toMatchObject(failed);
    await expectNothingLeft();
  });

  it('leaves nothing of a job that is cancelled while it computes', async () => {
    const { id } = await start([[2e6, 0]]);
    await queued(1);
    expect((await platform.call('DELETE', `/v1/jobs/${id}`)).status).toBe(200);
    await queued(0);
    await expectNothingLeft();
    expect(await readdir(join(platform.home, 'registry/jobs/predictions', id))).toEqual(['job.json']);
  });
});

describe('an input of 50 MB, by reference', { timeout: 110_000 }, () => {
  const [rows, side] = [4, 1_024];
  const means = onnx({
    node: [node('GlobalAveragePool', ['input'], ['means'])],
    input: [value('input', FLOAT, ['N', 3, side, side])],
    output: [value('means', FLOAT, ['N', 3, 1, 1])],
  });
  /** Each picture of each row holds one number, which is its mean. */
  const expected = Array.from({ length: 3 * rows }, (_, i) => i + 0.5);
  const numbers = new Float32Array(3 * rows * side * side);
  for (const [i, mean] of expected.entries()) numbers.fill(mean, i * side * side, (i + 1) * side * side);
  const head = JSON.stringify({
    inputs: [
      {
        name: 'input',
        datatype: 'FP32',
        shape: [rows, 3, side, side],
        parameters: { binary_data_size: numbers.byteLength },
      },
    ],
  });
  const input = Buffer.concat([Buffer.from(head), Buffer.from(numbers.buffer)]);
  const stated = `upload=${createHash('sha256').update(input).digest('hex')}&bytes=${input.length}`;
  const ask = (model: string, query = stated) =>
    platform.call('POST', `/v1/models/${model}/jobs?${query}`, undefined, {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(Buffer.byteLength(head)),
    });
  const upload = async (place: { url: string; headers: Record<string, string> }, body: Uint8Array): Promise<number> =>
    (await fetch(place.url, { method: 'PUT', headers: place.headers, body: Buffer.from(body) })).status;

  beforeAll(() => served('means', means), 60_000);

  it('is uploaded, and answered by the job that is asked for once more', async () => {
    const asked = await ask('means');
    expect(asked.status).toBe(201);
    const place = (await asked.json()) as { url: string; headers: Record<string, string> };
    expect(await upload(place, input)).toBe(200);
    const begun = await ask('means');
    expect(begun.status).toBe(202);
    const { id } = (await begun.json()) as Job;
    expect(await ended(id)).toMatchObject({ state: 'succeeded' });
    const { outputs } = await json<{ outputs: { data: number[] }[] }>(platform.call('GET', `/v1/jobs/${id}/result`));
    expectClose(outputs[0]?.data ?? [], expected, 1e-4);
    // Whoever asks again is told of the same job, by the client as well.
    expect(await json<Job>(ask('means'))).toMatchObject({ id, state: 'succeeded' });
    const request = binaryTensors([{ name: 'input', datatype: 'FP32', shape: [rows, 3, side, side], data: numbers }]);
    expect(await client(platform).startJobOf('means', request)).toMatchObject({ id, state: 'succeeded' });
    await expectNothingLeft();
  });

  it('is uploaded by the client of its own accord', async () => {
    const caller = client(platform);
    const turned = numbers.toReversed();
    const request = binaryTensors([{ name: 'input', datatype: 'FP32', shape: [rows, 3, side, side], data: turned }]);
    const { id } = await caller.startJobOf('means', request);
    expect(await caller.followJob(id)).toMatchObject({ state: 'succeeded' });
    const { outputs } = await json<{ outputs: { data: number[] }[] }>(platform.call('GET', `/v1/jobs/${id}/result`));
    expectClose(outputs[0]?.data ?? [], expected.toReversed(), 1e-4);
    await expectNothingLeft();
  });

  it('takes no more than was stated, and nothing else', async () => {
    const other = Buffer.from('{"instances":[]}');
    const query = `upload=${createHash('sha256').update(other).digest('hex')}&bytes=${other.length}`;
    const place = await json<{ url: string; headers: Record<string, string> }>(ask('means', query));
    expect(await upload(place, Buffer.concat([other, other]))).toBe(413);
    expect(await upload(place, Buffer.from('{"instances":{}}'))).toBe(400);
    expect((await ask('means', query)).status).toBe(201);
  });

  it('is refused where the model runs elsewhere, and above a gigabyte', async () => {
    await dropFile(platform.home, 'slope', 'model.json', slopeModel(2));
    while ((await platform.call('GET', '/v2/models/slope')).status !== 200) await sleep(50);
    const refused = await ask('slope');
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining('"placement": "endpoint-async"') });
    const huge = await ask('means', stated.replace(/bytes=\d+/, `bytes=${2 ** 30 + 1}`));
    expect(huge.status).toBe(413);
  });

  it.each([
    ['no SHA-256', 'upload=yes&bytes=3', 'query upload'],
    ['no size', stated.replace(/&.*/, ''), 'query bytes'],
  ])('that is stated with %s is malformed', async (_, query, where) => {
    const refused = await ask('means', query);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining(where) });
  });
});
