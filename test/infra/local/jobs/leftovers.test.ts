import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { layout } from '../../../../adapters/registry/layout.ts';
import { createJob } from '../../../../adapters/registry/prediction-jobs.ts';
import { filesStore } from '../../../../adapters/store/files.ts';
import { removeLeftovers } from '../../../../infra/local/jobs/leftovers.ts';
import { type PredictionJob, TAKES, WAIT_MS } from '../../../../models/prediction-job.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';

const now = Date.parse('2026-11-25T10:00:00.000Z');
const MINUTE_MS = 60_000;
const cleanups: (() => Promise<void>)[] = [];
let home: string;

beforeEach(async () => {
  home = await temporaryHome(cleanups);
});
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

/** A file of the home that was written so long ago. */
async function lay(path: string, ageMs = 0): Promise<void> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
  await utimes(file, new Date(now - ageMs), new Date(now - ageMs));
}

const id = 'a'.repeat(32);

async function layJob(job: Partial<PredictionJob>, ageMs = MINUTE_MS): Promise<void> {
  const at = new Date(now - ageMs).toISOString();
  const by = { key: 'k', tenant: 't', scopes: ['predict'], models: ['*'] };
  const request = { digest: 'd', headers: {} };
  await createJob(filesStore(join(home, 'registry')), {
    ...{ id, model: 'm', state: 'running', createdAt: at, updatedAt: at, by, request, takes: 2 },
    ...job,
  });
  for (const path of [layout.jobRequest(id, 'd'), layout.jobResult(id, 1), layout.jobResult(id, 2)])
    await lay(`registry/${path}`);
}

async function keptAfterwards(folder: string): Promise<string[]> {
  await removeLeftovers({ home, registry: filesStore(join(home, 'registry')), now: () => now });
  const entries = await readdir(join(home, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

const folder = `registry/jobs/predictions/${id}`;

describe('of a job', () => {
  it.each([
    ['has succeeded, its result stays', { state: 'succeeded', result: { take: 2, bytes: 0, headers: {} } } as const, 2],
    ['was cancelled, nothing else stays', { state: 'cancelled' } as const, undefined],
    ['was begun for the last time, and killed, nothing else stays', { takes: TAKES, heldUntil: now - 1 }, undefined],
  ])('that %s', async (_, job, result) => {
    await layJob(job);
    expect(await keptAfterwards(folder)).toEqual(['job.json', ...(result ? [`result-${result}`] : [])]);
  });

  it.each([
    ['is held', { heldUntil: now + 1 }],
    ['waits for another take', { heldUntil: now - 1 }],
    ['waits for its endpoint', { takes: TAKES, asked: { endpoint: 'e', input: 'i', output: 'o', failure: 'f' } }],
  ])('that %s, everything stays', async (_, job) => {
    await layJob(job);
    expect(await keptAfterwards(folder)).toEqual(['job.json', 'request-d', 'result-1', 'result-2']);
  });
});

describe('an upload that nobody asked for', () => {
  it.each([
    ['goes once it is older than a job may wait', WAIT_MS + 1, []],
    ['stays until then', WAIT_MS - 1, ['request-d']],
  ])('%s', async (_, age, kept) => {
    await lay(`${folder}/request-d`, age);
    expect(await keptAfterwards(folder)).toEqual(kept);
  });

  it('stays, however old, where its job has begun', async () => {
    await layJob({ state: 'queued', takes: 0 });
    await lay(`${folder}/request-d`, 2 * WAIT_MS);
    expect(await keptAfterwards(folder)).toContain('request-d');
  });
});

it('inputs, answers, failures and calls of asynchronous endpoints go once no job can wait for them', async () => {
  const files = ['inputs/1', 'outputs/1.out', 'outputs/1.out.part', 'failures/1-error.out', 'queue/1.json'];
  for (const file of files) await lay(`async/${file}`, WAIT_MS + 1);
  await lay('async/inputs/2', WAIT_MS - 1);
  expect(await keptAfterwards('async')).toEqual(['2']);
});

it('a home without jobs has none', async () => {
  await mkdir(join(home, 'registry'));
  expect(await keptAfterwards('registry')).toEqual([]);
});
