import { readTrainingJob } from '../../adapters/registry/training-jobs.ts';
import { ModeldropError } from '../../models/errors.ts';
import { isNetworkRecipe } from '../../models/learning/any-recipe.ts';
import { readDelivery } from '../http/delivery.ts';
import type { TrainRequest } from '../http/training-request.ts';
import type { Learn } from './lesson.ts';
import type { Networks, TrainingEnded } from './network-order.ts';
import { telling } from './progress.ts';
import { type SettlePorts, settleTrained, settleUnlearned } from './settle.ts';

export interface TrainPorts extends SettlePorts {
  readonly learn: Learn;
  /** Where networks are trained, if not by `learn`. */
  readonly networks?: Networks;
}

export type TrainHandler = (request: TrainRequest | TrainingEnded) => Promise<void>;

/** Most tables need nothing of it. */
const importNetworks = () => import('./networks.ts');

/** Learns from a table of the inbox. The model is dropped there in turn, and the table taken away. Safe to repeat. */
export function trainFunction(ports: TrainPorts): TrainHandler {
  const { networks } = ports;
  return async (request) => {
    if ('TrainingJobName' in request)
      return networks && (await importNetworks()).endNetwork({ ...ports, networks }, request);
    const { id, key } = request;
    const delivery = await readDelivery(ports.inbox, key);
    const job = await readTrainingJob(ports.registry, id);
    // Learned from already: a request may come more than once.
    if (delivery === undefined || job === undefined) return;
    const table = { name: delivery.file, bytes: delivery.objects[0].stored.bytes };
    const { tell, told } = telling(ports, id);
    try {
      const { recipe } = job;
      if (networks && isNetworkRecipe(recipe))
        return await (await importNetworks()).beginNetwork(
          { ...ports, networks },
          { delivery, job: { ...job, recipe } },
        );
      const lesson = await ports.learn({ table, recipe, tell }).finally(told);
      await settleTrained(ports, delivery, id, lesson);
    } catch (error) {
      if (!(error instanceof ModeldropError) || error.status >= 500) throw error;
      await settleUnlearned(ports, delivery, id, error);
    }
  };
}
