import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../closeness.ts';
import { referenceFile, referenceJson } from '../reference.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

const drop = async (model: string, bytes: Uint8Array, placement: string) => {
  await dropFile(platform.home, model, 'drop.json', Buffer.from(JSON.stringify({ placement })));
  await dropFile(platform.home, model, 'model.onnx', bytes);
};

async function served(model: string): Promise<void> {
  while ((await platform.call('GET', `/v2/models/${model}`)).status !== 200) await sleep(50);
}

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
}, 60_000);

afterAll(async () => {
  expect(await platform?.stop()).toBe(0);
  for (const cleanup of cleanups) await cleanup();
});

const archives = (): Promise<string[]> => readdir(join(platform.home, 'registry/triton'));

describe.each([
  ['digits-cnn', [1, 8, 8]],
  ['digits-rnn', [8, 8]],
] as const)('%s, dropped with "placement": "endpoint"', { timeout: 90_000 }, (name, shape) => {
  const { input, logits } = referenceJson<{ input: number[][]; logits: number[][] }>(`models/${name}.expected.json`);
  const { bytes } = referenceFile(`models/${name}.onnx`);
  const tensor = { name: 'input', datatype: 'FP32', shape: [input.length, ...shape] };

  beforeAll(async () => {
    await drop(name, bytes, 'endpoint');
    await served(name);
  }, 60_000);

  it('answers JSON as PyTorch does, and says where it ran', async () => {
    const answer = await platform.call('POST', `/v2/models/${name}/infer`, {
      inputs: [{ ...tensor, data: input.flat(3) }],
    });
    expect(answer.headers.get('x-modeldrop-placement')).toBe('endpoint');
    const { outputs } = (await answer.json()) as { outputs: { data: number[] }[] };
    expectClose(outputs[0]?.data ?? [], logits, 1e-4);
  });

  it('answers a job as PyTorch does', async () => {
    const body = { inputs: [{ ...tensor, data: input.flat(3) }] };
    const { id } = (await (await platform.call('POST', `/v1/models/${name}/jobs`, body)).json()) as { id: string };
    const look = async () => (await (await platform.call('GET', `/v1/jobs/${id}`)).json()) as { state: string };
    await expect.poll(async () => (await look()).state, { timeout: 80_000, interval: 50 }).toBe('succeeded');
    const answer = await platform.call('GET', `/v1/jobs/${id}/result`);
    expect(answer.headers.get('x-modeldrop-placement')).toBe('endpoint');
    const { outputs } = (await answer.json()) as { outputs: { data: number[] }[] };
    expectClose(outputs[0]?.data ?? [], logits, 1e-4);
  });

  it('answers binary tensors as PyTorch does', async () => {
    const data = Buffer.from(Float32Array.from(input.flat(3)).buffer);
    const head = JSON.stringify({
      inputs: [{ ...tensor, parameters: { binary_data_size: data.length } }],
      parameters: { binary_data_output: true },
    });
    const answer = await fetch(`${platform.url}/v2/models/${name}/infer`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${platform.key}`,
        'inference-header-content-length': String(Buffer.byteLength(head)),
      },
      body: Buffer.concat([Buffer.from(head), data]),
    });
    expect(answer.status).toBe(200);
    const whole = await answer.arrayBuffer();
    const tail = whole.slice(Number(answer.headers.get('inference-header-content-length')));
    expectClose(Array.from(new Float32Array(tail)), logits, 1e-4);
  });

  it('says on its card where it runs, and why', async () => {
    const card = (await (await platform.call('GET', `/v1/models/${name}/card`)).json()) as Record<string, string>;
    expect(card.placement).toBe('endpoint');
    expect(card.reason).toMatch(/multiply-adds a row, in Triton/);
  });
});

describe('a platform with an endpoint', { timeout: 90_000 }, () => {
  it('packs the same bytes once, under their SHA-256', async () => {
    const before = await archives();
    await drop('twin', referenceFile('models/digits-cnn.onnx').bytes, 'endpoint');
    await served('twin');
    expect(await archives()).toEqual(before);
    expect(before.every((name) => /^[0-9a-f]{64}\.tar\.gz$/.test(name))).toBe(true);
  });

  it('refuses the placement for a model that scores in process', async () => {
    await dropFile(platform.home, 'slope', 'drop.json', Buffer.from(JSON.stringify({ placement: 'endpoint' })));
    await dropFile(platform.home, 'slope', 'model.json', slopeModel(2));
    const path = join(platform.home, 'inbox/slope/model.json.report.json');
    let report = '';
    while (!report.includes('error')) {
      await sleep(50);
      report = await readFile(path, 'utf8').catch(() => '');
    }
    expect(report).toContain('drop.json.placement must be lambda: linear models score in process');
  });
});
