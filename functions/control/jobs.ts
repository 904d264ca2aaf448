import { randomUUID } from 'node:crypto';
import { readChannel } from '../../adapters/registry/channels.ts';
import { layout } from '../../adapters/registry/layout.ts';
import {
  createJob,
  forgetRequest,
  hasRequest,
  keepRequest,
  moveJob,
  readJob,
} from '../../adapters/registry/prediction-jobs.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { PresignRequest } from '../../adapters/store/presign.ts';
import type { Store } from '../../adapters/store/store.ts';
import { MalformedRequest, ModelNotFound } from '../../models/errors.ts';
import { cancel, type PredictionJob, standing } from '../../models/prediction-job.ts';
import { type Answer, json } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Caller } from '../http/caller.ts';
import { IdempotencyMismatch, JobNotStarted, JobQueueFull, JobStateConflict } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { type JobSight, jobInSight, shownJob } from '../http/jobs.ts';
import { modelInSight } from '../http/sight.ts';
import { checkRoom, inputIn, type StatedInput } from './job-input.ts';

interface Ports extends JobSight {
  readonly enqueue: (job: string) => Promise<void>;
  readonly presignRequest: PresignRequest;
  readonly largestInput?: number;
}

/** Predictions without waiting: asked for, and cancelled. */
export function jobOperations(ports: Ports): Record<string, Operation> {
  const { registry, enqueue, now } = ports;
  const taken = async (wanted: PredictionJob, body?: Uint8Array): Promise<Answer> => {
    const kept = (await readJob(registry, wanted.id)) ?? (await begin(registry, wanted, body));
    const job = standing(kept, now());
    if (job.request.digest !== wanted.request.digest) throw new IdempotencyMismatch(job.id);
    // Asked again, it may be because nobody was told that it still waits: once too often does no harm.
    if (job.state === 'queued') await start(enqueue, job.id);
    return json(shownJob(job), 202, { location: `/v1/jobs/${job.id}` });
  };
  return {
    async createJob(call) {
      const model = modelInSight(call);
      const at = new Date(now()).toISOString();
      const input = inputIn(call);
      if (input !== undefined) {
        await checkRoom(ports, model, input);
        const wanted = jobOf(call, model, input.sha256, at);
        const isThere = (await readJob(registry, wanted.id)) !== undefined || (await hasRequest(registry, wanted));
        return isThere ? taken(wanted) : json(await uploadFor(ports, wanted, input), 201);
      }
      const body = call.body();
      return taken(jobOf(call, model, sha256(body), at), body);
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

/** Where the request is to be put, before its job is asked for once more. */
async function uploadFor({ presignRequest }: Ports, { id, request }: PredictionJob, { sha256, bytes }: StatedInput) {
  return { method: 'PUT', ...(await presignRequest(layout.jobRequest(id, request.digest), sha256, bytes)) };
}

/** The request is there before its job: whoever takes the job finds it whole. An uploaded one lies there already. @throws ModelNotFound, MalformedRequest */
async function begin(registry: Store, wanted: PredictionJob, body: Uint8Array | undefined): Promise<PredictionJob> {
  if ((await readChannel(registry, wanted.model))?.stable === undefined) throw new ModelNotFound(wanted.model);
  if (body?.length === 0)
    throw new MalformedRequest({ where: 'body', rule: 'must be a request to predict, not empty' });
  if (body !== undefined) await keepRequest(registry, wanted, body);
  if (await createJob(registry, wanted)) return wanted;
  return (await readJob(registry, wanted.id)) as PredictionJob;
}

/** What says how a body is read, and who is to answer it. The body is kept decoded. */
const HEADERS = ['content-type', 'accept', 'inference-header-content-length', 'x-modeldrop-sticky'];

/** @param body its SHA-256 */
function jobOf(call: Call, model: string, body: string, at: string): PredictionJob {
  const by = call.caller as Caller;
  const headers = Object.fromEntries(
    HEADERS.flatMap((name) => {
      const value = call.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const digest = sha256(`${JSON.stringify([model, headers])}\n${body}`);
  const request = { digest, headers };
  return { id: idOf(call, by, digest), model, state: 'queued', createdAt: at, updatedAt: at, by, request, takes: 0 };
}

const IDEMPOTENCY = 'idempotency-key';

/** An idempotency key is its API key's own: another's may be spelt alike. @throws MalformedRequest */
function idOf({ headers, query }: Call, { key, tenant }: Caller, digest: string): string {
  const stated = headers[IDEMPOTENCY];
  // Whoever uploads asks twice for the same job.
  if (stated === undefined && query.upload !== undefined) return sha256(`${tenant}\n${key}\n\n${digest}`).slice(0, 32);
  if (stated === undefined) return randomUUID().replaceAll('-', '');
  if (!/^[\x21-\x7e]{1,255}$/.test(stated)) {
    const rule = 'must be 1 to 255 visible ASCII characters without spaces';
    throw new MalformedRequest({ where: 'header Idempotency-Key', rule, found: stated });
  }
  return sha256(`${tenant}\n${key}\n${stated}`).slice(0, 32);
}
