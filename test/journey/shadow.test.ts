import { afterAll, beforeAll, expect, test } from 'vitest';
import { referenceFile } from '../reference.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

beforeAll(async () => {
  const home = await temporaryHome(cleanups);
  platform = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });
}, 60_000);

afterAll(async () => {
  await platform?.stop();
  for (const cleanup of cleanups) await cleanup();
});

interface Listed {
  readonly versions: readonly { readonly channel?: string; readonly shadow?: object }[];
}

const listed = async (model = 'm'): Promise<Listed> =>
  (await (await platform.call('GET', `/v1/models/${model}/versions`)).json()) as Listed;

test('a shadow sees copies of requests in a process of its own, and the list of versions tells how it does', async () => {
  await dropFile(platform.home, 'm', 'first.json', slopeModel(1));
  await expect.poll(async () => (await listed()).versions?.length, { timeout: 30_000 }).toBe(1);
  await platform.call('POST', '/v1/models/m/release', { policy: { mode: 'shadow' } });
  await dropFile(platform.home, 'm', 'second.json', slopeModel(2));
  await expect.poll(async () => (await listed()).versions[1]?.channel, { timeout: 30_000 }).toBe('shadow');
  await expect
    .poll(
      async () => {
        const answer = await platform.call('POST', '/v1/models/m:predict', { instances: [0, 1] });
        expect(await answer.json()).toMatchObject({ predictions: [0, 1] });
        return (await listed()).versions[1]?.shadow;
      },
      { timeout: 40_000, interval: 500 },
    )
    .toMatchObject({ agreement: 0.5, failed: 0, skipped: 0 });
}, 120_000);

test('a shadow that is placed on the endpoint is asked there', async () => {
  const { bytes } = referenceFile('models/digits-cnn.onnx');
  const drop = async (placement: string): Promise<void> => {
    await dropFile(platform.home, 'digits', 'drop.json', JSON.stringify({ placement }));
    await dropFile(platform.home, 'digits', 'model.onnx', bytes);
  };
  await drop('lambda');
  await expect.poll(async () => (await listed('digits')).versions?.length, { timeout: 30_000 }).toBe(1);
  await platform.call('POST', '/v1/models/digits/release', { policy: { mode: 'shadow' } });
  await drop('endpoint');
  await expect.poll(async () => (await listed('digits')).versions[1]?.channel, { timeout: 30_000 }).toBe('shadow');
  const inputs = [{ name: 'input', datatype: 'FP32', shape: [1, 1, 8, 8], data: Array(64).fill(0.5) }];
  await expect
    .poll(
      async () => {
        const answer = await platform.call('POST', '/v2/models/digits/infer', { inputs });
        expect(answer.headers.get('x-modeldrop-placement')).toBe('lambda');
        return (await listed('digits')).versions[1]?.shadow;
      },
      { timeout: 60_000, interval: 500 },
    )
    .toMatchObject({ agreement: 1, failed: 0 });
}, 150_000);
