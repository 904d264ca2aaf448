import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boundFor } from '../../../../infra/local/memory-bound.ts';
import { verifyInProcess } from '../../../../infra/local/verify/verify-process.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';
import { slopeModel } from '../../../journey/slope-model.ts';
import { endless, external, FLOAT, node, onnx, swelling, value } from '../../../models/formats/onnx/written.ts';
import { referenceFile } from '../../../reference.ts';

const cleanups: (() => Promise<void>)[] = [];
let home: string;

beforeAll(async () => {
  home = await temporaryHome(cleanups);
  await mkdir(join(home, 'inbox/m'), { recursive: true });
  await writeFile(join(home, 'inbox/m/model.json'), slopeModel(2));
  await writeFile(join(home, 'secret'), 'keep out');
});

afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

describe('a verification in a process of its own', () => {
  test('answers what the model is', async () => {
    const report = await verifyInProcess({ home })(['inbox/m/model.json']);
    expect(report).toMatchObject({ ok: true, content: { kind: 'linear', features: ['x'] } });
  });

  test('that does not end in time is a report', async () => {
    const report = await verifyInProcess({ home, deadlineMs: 1 })(['inbox/m/model.json']);
    expect(report).toMatchObject({ ok: false, error: expect.stringContaining('at most 0.001 s') });
  });

  test('reads the file of the version that serves, and compares', async () => {
    const sha256 = createHash('sha256').update(slopeModel(1)).digest('hex');
    await mkdir(join(home, 'registry/blobs'), { recursive: true });
    await writeFile(join(home, 'registry/blobs', sha256), slopeModel(1));
    const blobs = [{ file: 'model.json', sha256, bytes: 1 }];
    const input = { name: 'input', datatype: 'FP64' as const, shape: [-1, 1] };
    const signature = { inputs: [input], outputs: [] };
    const serving = { version: 7, format: 'model.json', features: ['x'], signature, blobs };
    const report = await verifyInProcess({ home })(['inbox/m/model.json'], serving);
    expect(report).toMatchObject({ ok: true, rehearsal: { against: { version: 7, rows: 1 } } });
  });

  test('reads nothing of the home but the inbox', async () => {
    await expect(verifyInProcess({ home })(['secret'])).rejects.toMatchObject({ status: 503 });
  });
});

describe('an ONNX model', () => {
  const verified = async (name: string, bytes: Uint8Array, deadlineMs = 60_000) => {
    await writeFile(join(home, 'inbox/m', name), bytes);
    return verifyInProcess({ home, deadlineMs })([`inbox/m/${name}`]);
  };
  const naming = (location: string): Uint8Array =>
    onnx({
      node: [node('Add', ['x', 'w'], ['y'])],
      initializer: [external('w', [2], { location })],
      input: [value('x', FLOAT, ['N', 2])],
      output: [value('y', FLOAT, ['N', 2])],
    });
  const cnn = referenceFile('models/digits-cnn.onnx').bytes;

  test('is run before it is released', { timeout: 60_000 }, async () => {
    expect(await verified('cnn.onnx', cnn)).toMatchObject({ ok: true, content: { kind: 'onnx' } });
  });

  test('that does not end is killed, and refused by a report', { timeout: 60_000 }, async () => {
    const report = await verified('endless.onnx', endless(), 10_000);
    expect(report).toMatchObject({ ok: false, error: expect.stringContaining('must take at most 10 s') });
  });

  test('that swells to four gigabytes is refused by a report', { timeout: 60_000 }, async () => {
    const report = await verified('swelling.onnx', swelling());
    expect(report).toMatchObject({ ok: false, error: expect.stringMatching(/more memory|in memory/) });
  });

  describe('of 60 MB', { timeout: 120_000 }, () => {
    /** Hardly more than Node's own. */
    const BESIDE_MB = 1_350;
    const size = 3_900;
    const layer = onnx({
      node: [node('MatMul', ['x', 'w'], ['y'])],
      initializer: [
        { name: 'w', dataType: FLOAT, dims: [BigInt(size), BigInt(size)], rawData: new Uint8Array(4 * size * size) },
      ],
      input: [value('x', FLOAT, ['N', size])],
      output: [value('y', FLOAT, ['N', size])],
    });
    const within = (boundMb: (bytes: number) => number) => verifyInProcess({ home, boundMb })(['inbox/m/large.onnx']);
    beforeAll(() => writeFile(join(home, 'inbox/m/large.onnx'), layer));

    test('is proved within a bound that follows its size', async () => {
      const report = await within((bytes) => boundFor(bytes, BESIDE_MB));
      expect(report).toMatchObject({ ok: true, content: { onnx: { parameters: size * size } } });
    });

    test.runIf(process.platform === 'linux')('is not within one that does not', async () => {
      const report = await within(() => BESIDE_MB).catch((error) => ({ ok: false, error: error.message }));
      expect(report.ok).toBe(false);
    });
  });

  test.each([
    ['a file of ours', naming('../secret'), 'must be the bare name of a .data file'],
    ['an absolute path', naming('/etc/passwd'), 'must be the bare name of a .data file'],
    ['half of itself', cnn.subarray(0, cnn.length / 2), 'damaged or cut off'],
    ['a flipped byte in its graph', cnn.with(40, (cnn[40] as number) ^ 0xff), ''],
  ])('with %s is refused by a report', { timeout: 60_000 }, async (_, bytes, why) => {
    expect(await verified('bad.onnx', bytes)).toMatchObject({ ok: false, error: expect.stringContaining(why) });
  });
});
