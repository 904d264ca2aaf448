import { randomUUID } from 'node:crypto';
import { readChannel } from '../../adapters/registry/channels.ts';
import { createJob, forgetRequest, keepRequest, moveJob, readJob } from '../../adapters/registry/prediction-jobs.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { Store } from '../../adapters/store/store.ts';
import { MalformedRequest, ModelNotFound } from '../../models/errors.ts';
import { cancel, type PredictionJob, standing } from '../../models/prediction-job.ts';
import { json } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Caller } from '../http/caller.ts';
import { IdempotencyMismatch, JobNotStarted, JobQueueFull, JobStateConflict } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { type JobSight, jobInSight, shownJob } from '../http/jobs.ts';
import { modelInSight } from '../http/sight.ts';

interface Ports extends JobSight {
  readonly enqueue: (job: string) => Promise<void>;
}

/** Predictions without waiting: asked for, and cancelled. */
export function jobOperations(ports: Ports): Record<string, Operation> {
  const { registry, enqueue, now } = ports;
  return {
    async createJob(call) {
      const model = modelInSight(call);
      const body = call.body();
      const wanted = jobOf(call, model, body, new Date(now()).toISOString());
      const kept = (await readJob(registry, wanted.id)) ?? (await begin(registry, wanted, body));
      const job = standing(kept, now());
      if (job.request.digest !== wanted.request.digest) throw new IdempotencyMismatch(job.id);
      // Asked again, it may be because nobody was told that it still waits: once too often does no harm.
      if (job.state === 'queued') await start(enqueue, job.id);
      return json(shownJob(job), 202, { location: `/v1/jobs/${job.id}` });
    },
    async cancelJob(call) {
      const { id } = await jobInSight(ports, call);
      const moved = (await moveJob(registry, id, (current) => cancel(current, now()))) as PredictionJob;
      const job = standing(moved, now());
      if (job.state !== 'cancelled') throw new JobStateConflict(id, job.state, 'there is nothing left to cancel');
      await forgetRequest(job, registry);
      return json(shownJob(job));
    },
  };
}

/** @throws JobQueueFull, JobNotStarted */
async function start(enqueue: Ports['enqueue'], job: string): Promise<void> {
  try {
    await enqueue(job);
  } catch (cause) {
    throw cause instanceof JobQueueFull ? cause : new JobNotStarted(job, { cause });
  }
}

/** The request is there before its job: whoever takes the job finds it whole. @throws ModelNotFound, MalformedRequest */
async function begin(registry: Store, wanted: PredictionJob, body: Uint8Array): Promise<PredictionJob> {
  if ((await readChannel(registry, wanted.model))?.stable === undefined) throw new ModelNotFound(wanted.model);
  if (body.length === 0) throw new MalformedRequest({ where: 'body', rule: 'must be a request to predict, not empty' });
  await keepRequest(registry, wanted, body);
  if (await createJob(registry, wanted)) return wanted;
  return (await readJob(registry, wanted.id)) as PredictionJob;
}

/** What says how a body is read, and who is to answer it. The body is kept decoded. */
const HEADERS = ['content-type', 'accept', 'inference-header-content-length', 'x-modeldrop-sticky'];

function jobOf(call: Call, model: string, body: Uint8Array, at: string): PredictionJob {
  const by = call.caller as Caller;
  const headers = Object.fromEntries(
    HEADERS.flatMap((name) => {
      const value = call.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const digest = sha256(`${JSON.stringify([model, headers])}\n${sha256(body)}`);
  const request = { digest, headers };
  return { id: idOf(call, by), model, state: 'queued', createdAt: at, updatedAt: at, by, request, takes: 0 };
}

const IDEMPOTENCY = 'idempotency-key';

/** An idempotency key is its API key's own: another's may be spelt alike. @throws MalformedRequest */
function idOf({ headers }: Call, { key, tenant }: Caller): string {
  const stated = headers[IDEMPOTENCY];
  if (stated === undefined) return randomUUID().replaceAll('-', '');
  if (!/^[\x21-\x7e]{1,255}$/.test(stated)) {
    const rule = 'must be 1 to 255 visible ASCII characters without spaces';
    throw new MalformedRequest({ where: 'header Idempotency-Key', rule, found: stated });
  }
  return sha256(`${tenant}\n${key}\n${stated}`).slice(0, 32);
}
