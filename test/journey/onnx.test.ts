import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../closeness.ts';
import { endless, external, FLOAT, node, onnx, split, swelling, value } from '../models/formats/onnx/written.ts';
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

const reference = (file: string): string => join(import.meta.dirname, '../reference/models', file);
const { input, logits } = referenceJson<{ input: number[][]; logits: number[][] }>('models/digits-cnn.expected.json');
const body = { inputs: [{ name: 'input', datatype: 'FP32', shape: [input.length, 1, 8, 8], data: input.flat() }] };

const ask = (model: string) => platform.call('POST', `/v2/models/${model}/infer`, body);

async function answersRight(model: string): Promise<void> {
  let answer = await ask(model);
  while (answer.status === 404) {
    await sleep(50);
    answer = await ask(model);
  }
  const { outputs } = (await answer.json()) as { outputs: { data: number[] }[] };
  expectClose(outputs[0]?.data ?? [], logits, 1e-4);
}

async function reportOf(model: string, file: string): Promise<string> {
  const path = join(platform.home, 'inbox', model, `${file}.report.json`);
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('}') || text.endsWith('}\n')) return JSON.parse(text).error;
    await sleep(50);
  }
}

describe('ONNX models in the inbox', { timeout: 90_000 }, () => {
  it('are served once they are copied there', async () => {
    await mkdir(join(platform.home, 'inbox/digits'), { recursive: true });
    await copyFile(reference('digits-cnn.onnx'), join(platform.home, 'inbox/digits/model.onnx'));
    await answersRight('digits');
    expect((await ask('digits')).headers.get('x-modeldrop-version')).toBe('1');
  });

  it('are served with their tensors in a file beside them', async () => {
    const { model, data } = split(referenceFile('models/digits-cnn.onnx').bytes, 'model.onnx.data');
    await dropFile(platform.home, 'apart', 'model.onnx.data', data);
    await dropFile(platform.home, 'apart', 'model.onnx', model);
    await answersRight('apart');
  });

  it('are refused where they would harm, and everybody else is served as before', async () => {
    const thief = onnx({
      node: [node('Add', ['x', 'w'], ['y'])],
      initializer: [external('w', [2], { location: '../registry/keys/k.json' })],
      input: [value('x', FLOAT, ['N', 2])],
      output: [value('y', FLOAT, ['N', 2])],
    });
    const { bytes } = referenceFile('models/digits-cnn.onnx');
    await dropFile(platform.home, 'thief', 'model.onnx', thief);
    await dropFile(platform.home, 'half', 'model.onnx', bytes.subarray(0, bytes.length / 2));
    await dropFile(platform.home, 'swelling', 'model.onnx', swelling());
    expect(await reportOf('thief', 'model.onnx')).toContain('must be the bare name of a .data file');
    expect(await reportOf('half', 'model.onnx')).toContain('damaged or cut off');
    expect(await reportOf('swelling', 'model.onnx')).toMatch(/memory/);
    await dropFile(platform.home, 'endless', 'model.onnx', endless());
    // While the endless one is being proved, until it is killed.
    for (let i = 0; i < 10; i++) {
      await answersRight('digits');
      await sleep(100);
    }
    expect((await platform.call('GET', '/v2/health/ready')).status).toBe(200);
  });
});
