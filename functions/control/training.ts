import { moveTrainingJob } from '../../adapters/registry/training-jobs.ts';
import type { PresignPut } from '../../adapters/store/presign.ts';
import type { Store } from '../../adapters/store/store.ts';
import { MalformedRequest, ModelNotFound } from '../../models/errors.ts';
import { type AnyRecipe, asksForNetwork, strangeKind } from '../../models/learning/any-recipe.ts';
import { json } from '../http/answer.ts';
import { type Call, jsonBody } from '../http/call.ts';
import type { Caller } from '../http/caller.ts';
import { checkedBody } from '../http/checked-body.ts';
import type { Operation } from '../http/handler.ts';
import { dropId, inboxKey } from '../http/inbox.ts';
import { isInSight } from '../http/sight.ts';
import { NetworkTrainingRequest, OwnTrainingRequest } from '../http/training-request.ts';

interface Ports {
  readonly registry: Store;
  readonly presign: PresignPut;
  readonly now: () => number;
}

const [ofOwn, ofNetwork] = [checkedBody(OwnTrainingRequest), checkedBody(NetworkTrainingRequest)];

/** Held to the recipe that its kind says it is, so that what is wrong with it is told in its own words. */
function request(call: Call) {
  const recipe = (jsonBody(call) as { readonly recipe?: unknown } | null)?.recipe;
  const strange = strangeKind(recipe, 'body.recipe');
  if (strange) throw new MalformedRequest(strange);
  return asksForNetwork(recipe) ? ofNetwork(call) : ofOwn(call);
}

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
        : {
            id,
            model,
            file,
            state: 'waiting',
            recipe: recipe as AnyRecipe,
            createdAt: current?.createdAt ?? at,
            updatedAt: at,
          },
    );
    return json({ id, model, state: job?.state ?? 'training', method: 'PUT', ...(await presign(key, sha256)) }, 201);
  };
