import { moveTrainingJob } from '../../adapters/registry/training-jobs.ts';
import type { PresignPut } from '../../adapters/store/presign.ts';
import type { Store } from '../../adapters/store/store.ts';
import { ModelNotFound } from '../../models/errors.ts';
import { json } from '../http/answer.ts';
import type { Caller } from '../http/caller.ts';
import { checkedBody } from '../http/checked-body.ts';
import type { Operation } from '../http/handler.ts';
import { dropId, inboxKey } from '../http/inbox.ts';
import { isInSight } from '../http/sight.ts';
import { TrainingRequest } from '../http/training-request.ts';

interface Ports {
  readonly registry: Store;
  readonly presign: PresignPut;
  readonly now: () => number;
}

const request = checkedBody(TrainingRequest);

/** `POST /v1/training-jobs`: where to PUT the table, and the job that starts when it lands. */
export const trainingOperation =
  ({ registry, presign, now }: Ports): Operation =>
  async (call) => {
    const { model, file = 'train.csv', sha256, recipe = {} } = request(call);
    if (!isInSight(model, (call.caller as Caller).models)) throw new ModelNotFound(model);
    const key = inboxKey(model, file);
    const id = dropId(key, sha256);
    const at = new Date(now()).toISOString();
    // The same table again, perhaps by another recipe, is the same job begun anew: unless it is being worked on.
    const job = await moveTrainingJob(registry, id, (current) =>
      current?.state === 'training'
        ? undefined
        : { id, model, file, state: 'waiting', recipe, createdAt: current?.createdAt ?? at, updatedAt: at },
    );
    return json({ id, model, state: job?.state ?? 'training', method: 'PUT', ...(await presign(key, sha256)) }, 201);
  };
