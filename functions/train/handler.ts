import { writeDrop } from '../../adapters/registry/drops.ts';
import { moveTrainingJob, readTrainingJob, type TrainingJob } from '../../adapters/registry/training-jobs.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store } from '../../adapters/store/store.ts';
import { ModeldropError } from '../../models/errors.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import type { Recipe } from '../../models/learning/recipe.ts';
import { type Delivery, readDelivery, takeAway } from '../http/delivery.ts';
import { inboxKey, trainedFile } from '../http/inbox.ts';
import { refuse } from '../http/refusal.ts';
import type { TrainRequest } from '../http/training-request.ts';

/** A model file as it is dropped, and the result object of its training. */
export interface Lesson {
  readonly model: Uint8Array;
  readonly result: unknown;
}

export interface TrainPorts {
  readonly inbox: Store;
  readonly registry: Store;
  /** @throws TrainingRefused, TableRefused */
  readonly learn: (table: ModelFile, recipe: Recipe) => Promise<Lesson>;
  readonly now: () => number;
}

export type TrainHandler = (request: TrainRequest) => Promise<void>;

/** Learns from a table of the inbox. The model is dropped there in turn, and the table taken away. Safe to repeat. */
export function trainFunction(ports: TrainPorts): TrainHandler {
  return async ({ id, key }) => {
    const delivery = await readDelivery(ports.inbox, key);
    const job = await readTrainingJob(ports.registry, id);
    // Learned from already: a request may come more than once.
    if (delivery === undefined || job === undefined) return;
    try {
      const { model, result } = await ports.learn(
        { name: delivery.file, bytes: delivery.objects[0].stored.bytes },
        job.recipe,
      );
      await settle(ports, id, { state: 'trained', result });
      await put(ports.inbox, inboxKey(delivery.model, trainedFile(id)), model);
      await takeAway(ports.inbox, delivery);
    } catch (error) {
      if (!(error instanceof ModeldropError) || error.status >= 500) throw error;
      await refuseTable(ports, delivery, id, error);
    }
  };
}

const timeOf = ({ now }: TrainPorts): string => new Date(now()).toISOString();

type Outcome = Pick<TrainingJob, 'state' | 'result' | 'error'>;

const settle = (ports: TrainPorts, id: string, outcome: Outcome) =>
  moveTrainingJob(ports.registry, id, (job) => job && { ...job, ...outcome, updatedAt: timeOf(ports) });

async function refuseTable(ports: TrainPorts, delivery: Delivery, id: string, error: ModeldropError): Promise<void> {
  const { model, file } = delivery;
  const [at, { message }] = [timeOf(ports), error];
  await refuse(ports.inbox, delivery, error);
  await settle(ports, id, { state: 'refused', error: message });
  await writeDrop(ports.registry, { id, model, file, state: 'refused', since: at, updatedAt: at, error: message });
}
