import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyInProcess } from '../../../../infra/local/verify/verify-process.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';
import { slopeModel } from '../../../journey/slope-model.ts';

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
    const serving = { version: 7, format: 'model.json', features: ['x'], blobs };
    const report = await verifyInProcess({ home })(['inbox/m/model.json'], serving);
    expect(report).toMatchObject({ ok: true, rehearsal: { against: { version: 7, rows: 1 } } });
  });

  test('reads nothing of the home but the inbox', async () => {
    await expect(verifyInProcess({ home })(['secret'])).rejects.toMatchObject({ status: 503 });
  });
});
