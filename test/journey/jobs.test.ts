import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const start = (home: string) => startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await sleep(50);
  }
}

interface Job {
  readonly id: string;
  readonly state: string;
  readonly result?: { readonly path: string };
}

const state = async (platform: RunningPlatform, id: string): Promise<Job> =>
  (await (await platform.call('GET', `/v1/jobs/${id}`)).json()) as Job;

it('what was acknowledged is answered, through a kill of the platform, once', { timeout: 120_000 }, async () => {
  const home = await temporaryHome(cleanups);
  const first = await start(home);
  await dropFile(home, 'slope', 'model.json', slopeModel(2));
  await until(async () => (await first.call('GET', '/v1/models/slope')).status === 200);
  const rows = Array.from({ length: 20_000 }, (_, i) => i);
  const jobs: Job[] = [];
  const ask = (n: number, platform = first) =>
    platform.call('POST', '/v1/models/slope/jobs', { instances: rows }, { 'idempotency-key': `n-${n}` });
  for (let n = 0; n < 12; n++) {
    const answer = await ask(n);
    expect(answer.status).toBe(202);
    jobs.push((await answer.json()) as Job);
  }
  await first.stop('SIGKILL');
  const second = await start(home);
  const [again] = jobs as [Job];
  expect(((await (await ask(0, second)).json()) as Job).id).toBe(again.id);
  for (const { id } of jobs) {
    const { result } = await until(async () => {
      const job = await state(second, id);
      expect(['queued', 'running', 'succeeded']).toContain(job.state);
      return job.state === 'succeeded' && job;
    });
    const answer = (await (await second.call('GET', result?.path ?? '')).json()) as { predictions: number[] };
    expect(answer.predictions).toEqual(rows.map((x) => 2 * x));
  }
  expect(await second.stop()).toBe(0);
});

it('a result that is more than an answer may be is fetched from where it lies', { timeout: 60_000 }, async () => {
  const platform = await start(await temporaryHome(cleanups));
  await dropFile(platform.home, 'slope', 'model.json', slopeModel(1_000_003));
  await until(async () => (await platform.call('GET', '/v1/models/slope')).status === 200);
  const rows = Array.from({ length: 800_000 }, (_, i) => i % 10);
  const waited = await platform.call('POST', '/v1/models/slope:predict', { instances: rows });
  expect(waited.status).toBe(413);
  const { id } = (await (await platform.call('POST', '/v1/models/slope/jobs', { instances: rows })).json()) as Job;
  await until(async () => (await state(platform, id)).state === 'succeeded');
  const answer = await platform.call('GET', `/v1/jobs/${id}/result`);
  expect([answer.redirected, answer.status, answer.headers.get('content-type')]).toEqual([
    true,
    200,
    'application/json',
  ]);
  const { predictions } = (await answer.json()) as { predictions: number[] };
  expect(predictions).toEqual(rows.map((x) => 1_000_003 * x));
  // The URL is enough: it can be handed on.
  expect((await fetch(answer.url)).status).toBe(200);
  expect(await platform.stop()).toBe(0);
});
