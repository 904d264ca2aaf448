import { moveTrainingJob } from '../../adapters/registry/training-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import { readJson } from '../../models/formats/text.ts';
import { parseRecipe, type Recipe } from '../../models/learning/recipe.ts';
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
  await moveTrainingJob(registry, id, (current) => ({
    id,
    model,
    file,
    state: 'training',
    recipe: { ...beside, ...current?.recipe },
    createdAt: current?.createdAt ?? at,
    updatedAt: at,
  }));
  await train({ id, key: objects[0].key });
}

function besides({ objects }: Delivery): Recipe {
  const found = objects.find(({ name }) => name === DROP_FILE);
  return found ? parseRecipe(readJson({ name: DROP_FILE, bytes: found.stored.bytes }), DROP_FILE) : {};
}
