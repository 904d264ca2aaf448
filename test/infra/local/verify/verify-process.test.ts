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

  test('reads nothing of the home but the inbox', async () => {
    await expect(verifyInProcess({ home })(['secret'])).rejects.toMatchObject({ status: 503 });
  });
});
