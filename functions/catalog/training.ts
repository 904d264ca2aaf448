import { readTrainingJob } from '../../adapters/registry/training-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import { json } from '../http/answer.ts';
import { grants } from '../http/caller.ts';
import { NotFound } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { isInSight } from '../http/sight.ts';

const JOB_ID = /^[0-9a-f]{16}$/;

/** `GET /v1/training-jobs/{job}`. A refusal may quote the table: only who may deploy is told. */
export const trainingJobOperation =
  ({ registry }: { readonly registry: Store }): Operation =>
  async ({ params, caller }) => {
    const id = params.job ?? '';
    const job = JOB_ID.test(id) ? await readTrainingJob(registry, id) : undefined;
    if (job === undefined || !isInSight(job.model, caller?.models ?? [])) throw new NotFound('training job', id);
    const { error, ...shown } = job;
    return json(error !== undefined && grants(caller?.scopes ?? [], 'deploy') ? { ...shown, error } : shown);
  };
