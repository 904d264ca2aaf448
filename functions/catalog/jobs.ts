import { readResult, resultPath } from '../../adapters/registry/prediction-jobs.ts';
import type { PresignGet } from '../../adapters/store/presign.ts';
import { json } from '../http/answer.ts';
import { JobStateConflict, NotFound } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { type JobSight, jobInSight, shownJob } from '../http/jobs.ts';
import { MAX_BODY_BYTES } from '../http/limits.ts';

export interface JobReading extends JobSight {
  /** Where an object of the registry can be fetched for a while, without a key. */
  readonly presign: PresignGet;
}

/** `GET /v1/jobs/{job}`, and its result as the prediction would have been answered. */
export const jobOperations = (ports: JobReading): Record<string, Operation> => ({
  job: async (call) => json(shownJob(await jobInSight(ports, call))),
  async jobResult(call) {
    const { id, state, result, error } = await jobInSight(ports, call);
    if (result === undefined) throw new JobStateConflict(id, state, error ?? `GET /v1/jobs/${id} says how it goes`);
    if (result.bytes > MAX_BODY_BYTES) {
      const location = await ports.presign(resultPath(id, result), result.headers['content-type']);
      return { status: 303, headers: { ...withoutType(result.headers), location } };
    }
    const body = await readResult(ports.registry, id, result);
    if (body === undefined) throw new NotFound('result of job', id);
    return { status: 200, headers: result.headers, body };
  },
});

/** A redirection has no body, and so no type. */
const withoutType = ({ 'content-type': _, ...headers }: Readonly<Record<string, string>>): Record<string, string> =>
  headers;
