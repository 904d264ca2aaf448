import { readResult } from '../../adapters/registry/prediction-jobs.ts';
import { json } from '../http/answer.ts';
import { JobStateConflict, NotFound } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { type JobSight, jobInSight, shownJob } from '../http/jobs.ts';

/** `GET /v1/jobs/{job}`, and its result as the prediction would have been answered. */
export const jobOperations = (sight: JobSight): Record<string, Operation> => ({
  job: async (call) => json(shownJob(await jobInSight(sight, call))),
  async jobResult(call) {
    const { id, state, result, error } = await jobInSight(sight, call);
    if (result === undefined) throw new JobStateConflict(id, state, error ?? `GET /v1/jobs/${id} says how it goes`);
    const body = await readResult(sight.registry, id, result);
    if (body === undefined) throw new NotFound('result of job', id);
    return { status: 200, headers: result.headers, body };
  },
});
