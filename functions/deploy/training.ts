import { moveTrainingJob } from '../../adapters/registry/training-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import { readJson } from '../../models/formats/text.ts';
import { parseAnyRecipe } from '../../models/learning/any-recipe.ts';
import { TrainingRefused } from '../../models/learning/training-refused.ts';
import type { Delivery } from '../http/delivery.ts';
import { DROP_FILE } from '../http/inbox.ts';
import type { TrainRequest } from '../http/training-request.ts';

export interface TrainingPorts {
  readonly registry: Store;
  /** Has a table learned from. It resolves once that is sure to happen. */
  readonly train: (request: TrainRequest) => Promise<void>;
}

/** Hands a table to the train function. What was asked of the API goes before what lies beside the table. @throws TrainingRefused, ModelFileRefused */
export async function handOver(
  { registry, train }: TrainingPorts,
  delivery: Delivery,
  id: string,
  at: string,
): Promise<void> {
  const beside = besides(delivery);
  const { model, file, objects } = delivery;
  await moveTrainingJob(registry, id, (current) =>
    // Events come more than once: what is being learned goes on as it was begun.
    current?.state === 'training'
      ? undefined
      : {
          id,
          model,
          file,
          state: 'training',
          recipe: parseAnyRecipe({ ...beside, ...current?.recipe }, current ? 'recipe' : DROP_FILE),
          createdAt: current?.createdAt ?? at,
          updatedAt: at,
        },
  );
  await train({ id, key: objects[0].key });
}

/** What is said beside the table, not yet held to be a recipe: the request may say of which kind. @throws ModelFileRefused, TrainingRefused */
function besides({ objects }: Delivery): object {
  const found = objects.find(({ name }) => name === DROP_FILE);
  const stated = found ? readJson({ name: DROP_FILE, bytes: found.stored.bytes }) : {};
  if (typeof stated === 'object' && stated !== null && !Array.isArray(stated)) return stated;
  throw new TrainingRefused({ where: DROP_FILE, rule: 'must be an object', found: stated });
}
