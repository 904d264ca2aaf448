import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { client } from '../../apps/client/client.ts';
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

it('what was acknowledged is answered, through a kill of the platform, once', { timeout: 180_000 }, async () => {
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

it('what the client asks for is answered, however much it is', { timeout: 120_000 }, async () => {
  const platform = await start(await temporaryHome(cleanups));
  const { url, key } = platform;
  const caller = client({ url, key });
  await dropFile(platform.home, 'slope', 'model.json', slopeModel(1_000_003));
  await until(async () => (await platform.call('GET', '/v1/models/slope')).status === 200);
  // 4.8 MB, which do not pass the gateway.
  const rows = Array.from({ length: 600_000 }, (_, i) => 1_000_000 + (i % 10));
  await expect(caller.predict('slope', Array(600_000).fill(1))).rejects.toThrow('/jobs');
  const { id } = await caller.startJob('slope', rows);
  expect(await caller.followJob(id)).toMatchObject({ state: 'succeeded', result: { version: 1 } });
  expect((await caller.jobResult(id)).predictions).toEqual(rows.map((x) => 1_000_003 * x));
  await expect(caller.cancelJob(id)).rejects.toThrow('there is nothing left to cancel');
  // The URL that it leads to is enough: it can be handed on.
  const { url: lies, redirected } = await platform.call('GET', `/v1/jobs/${id}/result`);
  expect([redirected, (await fetch(lies)).status]).toEqual([true, 200]);
  expect(await platform.stop()).toBe(0);
});
