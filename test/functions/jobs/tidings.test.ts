import { beforeEach, describe, expect, it } from 'vitest';
import { asyncInvoke } from '../../../adapters/endpoint/async-invoke.ts';
import type { AsyncCall } from '../../../adapters/endpoint/async-turn.ts';
import { createJob, keepRequest, readJob } from '../../../adapters/registry/prediction-jobs.ts';
import { sha256 } from '../../../adapters/registry/sha256.ts';
import type { HttpHandler } from '../../../functions/http/handler.ts';
import { JobNotDone, jobsFunction } from '../../../functions/jobs/handler.ts';
import { tidingsIn } from '../../../functions/jobs/tidings.ts';
import type { PredictionJob } from '../../../models/prediction-job.ts';
import { type WatchedStore, watchedStore } from '../../watched-store.ts';
import { contextOf } from '../house.ts';

const LEASE_MS = 45_000;
const id = 'a'.repeat(32);
const body = Buffer.from('{"instances":[[1]]}');
const job: PredictionJob = {
  id,
  model: 'm',
  state: 'queued',
  createdAt: new Date(0).toISOString(),
  updatedAt: new Date(0).toISOString(),
  by: { key: 'k', tenant: 'default', scopes: ['predict'], models: ['*'] },
  request: { digest: sha256(body), headers: { 'content-type': 'application/json' } },
  takes: 0,
};

let registry: WatchedStore;
let answers: WatchedStore;
let calls: AsyncCall[];
let time: number;
/** Between the endpoint's word that it was asked, and what is noted of it. */
let asked: () => Promise<void>;

/** The predict function as far as an asynchronous endpoint is concerned. */
const predict: HttpHandler = async () => {
  const call = {
    endpoint: 'modeldrop-dev-0',
    input: `inputs/${calls.length}`,
    output: `answers/by-sagemaker-${calls.length}.out`,
    failure: `answers/failed/by-sagemaker-${calls.length}-error.out`,
  };
  const start = async () => {
    calls.push(call);
    await answers.create(call.input, Buffer.from('asked'));
    await asked();
    return call;
  };
  const answer = await asyncInvoke(
    'm',
    'modeldrop-dev-0',
    start,
  )({ contentType: 'application/json', body: [] }, new AbortController().signal);
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(answer.body).toString(),
  };
};

const jobs = () =>
  jobsFunction({
    registry,
    predict,
    answers,
    tidings: tidingsIn(answers),
    leaseMs: LEASE_MS,
    now: () => time,
    log: { info: () => {}, error: () => {} },
  });

/** Whether Lambda is content; otherwise it tries again. */
const invoked = (request: unknown): Promise<boolean> =>
  jobs()(request, contextOf()).then(
    () => true,
    (error) => {
      if (error instanceof JobNotDone) return false;
      throw error;
    },
  );

const state = async () => (await readJob(registry, id))?.state;
const land = (key: string, text = '{"outputs":[]}') => answers.create(key, Buffer.from(text));

beforeEach(async () => {
  [registry, answers, calls, time, asked] = [watchedStore(), watchedStore(), [], 0, async () => {}];
  await keepRequest(registry, job, body);
  await createJob(registry, job);
});

describe('a job whose endpoint answers another time, where somebody tells of answers', () => {
  it('is done with once the endpoint was asked, and ends when its answer is told of', async () => {
    expect(await invoked({ job: id })).toBe(true);
    expect(await state()).toBe('running');
    time += 3 * 60 * 60 * 1_000;
    await land('answers/by-sagemaker-0.out');
    expect(await invoked({ answer: 'answers/by-sagemaker-0.out' })).toBe(true);
    expect(await state()).toBe('succeeded');
    expect(calls).toHaveLength(1);
    expect((await answers.list('')).filter((key) => !key.startsWith('asked/'))).toEqual([]);
  });

  it('fails with the reason that is told of', async () => {
    await invoked({ job: id });
    const [{ failure }] = calls as [AsyncCall];
    await land(failure, '{"message":"out of memory"}');
    expect(await invoked({ answer: failure })).toBe(true);
    expect(await readJob(registry, id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('out of memory'),
    });
  });

  it('misses no answer that comes before it is noted that one is awaited', async () => {
    const early: boolean[] = [];
    asked = async () => {
      await land('answers/by-sagemaker-0.out');
      early.push(await invoked({ answer: 'answers/by-sagemaker-0.out' }));
    };
    expect(await invoked({ job: id })).toBe(true);
    // Lambda tries it again, a minute later.
    expect(early).toEqual([false]);
    time += 60_000;
    expect(await invoked({ answer: 'answers/by-sagemaker-0.out' })).toBe(true);
    expect(await state()).toBe('succeeded');
  });

  it('misses no answer that comes while the take that asked still holds it', async () => {
    await invoked({ job: id });
    const held = { ...(await readJob(registry, id)), heldUntil: time + LEASE_MS };
    const stored = await registry.read(`jobs/predictions/${id}/job.json`);
    await registry.replace(
      `jobs/predictions/${id}/job.json`,
      Buffer.from(JSON.stringify(held)),
      stored?.etag as string,
    );
    await land('answers/by-sagemaker-0.out');
    expect(await invoked({ answer: 'answers/by-sagemaker-0.out' })).toBe(false);
    time += 60_000;
    expect(await invoked({ answer: 'answers/by-sagemaker-0.out' })).toBe(true);
    expect(await state()).toBe('succeeded');
  });

  it('is told of twice without harm', async () => {
    await invoked({ job: id });
    await land('answers/by-sagemaker-0.out');
    await invoked({ answer: 'answers/by-sagemaker-0.out' });
    expect(await invoked({ answer: 'answers/by-sagemaker-0.out' })).toBe(true);
    expect(await state()).toBe('succeeded');
  });

  it('has failed after six hours, whoever asks', async () => {
    await invoked({ job: id });
    time += 6 * 60 * 60 * 1_000;
    expect(await invoked({ job: id })).toBe(true);
    expect(await state()).toBe('failed');
  });

  it('asks again where the one who asked died before it was noted', async () => {
    asked = () => Promise.reject(new Error('killed'));
    expect(await invoked({ job: id })).toBe(false);
    asked = async () => {};
    time += 60_000;
    expect(await invoked({ job: id })).toBe(true);
    expect(calls).toHaveLength(2);
    await land('answers/by-sagemaker-1.out');
    expect(await invoked({ answer: 'answers/by-sagemaker-1.out' })).toBe(true);
    expect(await state()).toBe('succeeded');
  });

  it('lets what nobody asked for be a matter for a person, after Lambda’s tries', async () => {
    expect(await invoked({ answer: 'answers/unknown.out' })).toBe(false);
    await expect(jobs()({ answer: 7 }, contextOf())).rejects.toThrow(TypeError);
  });
});

it('where nobody tells of answers, a job that waits is not done with', async () => {
  const untold = jobsFunction({
    registry,
    predict,
    answers,
    leaseMs: LEASE_MS,
    now: () => time,
    log: { info: () => {}, error: () => {} },
  });
  await expect(untold({ job: id }, contextOf())).rejects.toThrow(JobNotDone);
  await expect(untold({ answer: 'answers/x' }, contextOf())).rejects.toThrow(TypeError);
});
