import { readTrainingJob, type TrainingJob } from '../../adapters/registry/training-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Epoch } from '../../models/learning/network/trained-network.ts';
import { json } from '../http/answer.ts';
import { grants } from '../http/caller.ts';
import { NotFound } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { isInSight } from '../http/sight.ts';

const JOB_ID = /^[0-9a-f]{16}$/;

interface Ports {
  readonly registry: Store;
  /** How far a training elsewhere is, by its name. */
  readonly trainingProgress?: (name: string) => Promise<Epoch | undefined>;
}

/** `GET /v1/training-jobs/{job}`. A refusal may quote the table: only who may deploy is told. */
export const trainingJobOperation =
  ({ registry, trainingProgress }: Ports): Operation =>
  async ({ params, caller }) => {
    const id = params.job ?? '';
    const job = JOB_ID.test(id) ? await readTrainingJob(registry, id) : undefined;
    if (job === undefined || !isInSight(job.model, caller?.models ?? [])) throw new NotFound('training job', id);
    const { error, trainedBy, ...shown } = job;
    const progress = job.state === 'training' && trainedBy ? await askedOf(trainingProgress, trainedBy) : job.progress;
    return json({
      ...shown,
      ...(progress && { progress }),
      ...(error !== undefined && grants(caller?.scopes ?? [], 'deploy') && { error }),
    });
  };

/** Where nobody can say how far it is, the rest is told all the same. */
const askedOf = (ask: Ports['trainingProgress'], name: string): Promise<TrainingJob['progress']> =>
  ask ? ask(name).catch(() => undefined) : Promise.resolve(undefined);
