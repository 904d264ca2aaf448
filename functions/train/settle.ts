import { writeDrop } from '../../adapters/registry/drops.ts';
import { moveTrainingJob, type TrainingJob } from '../../adapters/registry/training-jobs.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store } from '../../adapters/store/store.ts';
import { TorchFailed } from '../../adapters/torch/torch-failed.ts';
import type { ModeldropError } from '../../models/errors.ts';
import { type Delivery, takeAway } from '../http/delivery.ts';
import { inboxKey, trainedFile } from '../http/inbox.ts';
import { refuse } from '../http/refusal.ts';
import type { Lesson } from './lesson.ts';

export interface SettlePorts {
  readonly inbox: Store;
  readonly registry: Store;
  readonly now: () => number;
}

const timeOf = ({ now }: SettlePorts): string => new Date(now()).toISOString();

type Outcome = Pick<TrainingJob, 'state' | 'result' | 'error'>;

const settle = (ports: SettlePorts, id: string, outcome: Outcome) =>
  moveTrainingJob(ports.registry, id, (job) => job && { ...job, ...outcome, updatedAt: timeOf(ports) });

/** The model is dropped in turn, as the last of its files, and the table taken away. */
export async function settleTrained(ports: SettlePorts, delivery: Delivery, id: string, lesson: Lesson): Promise<void> {
  const { file, companions, result } = lesson;
  const land = (name: string, bytes: Uint8Array) =>
    put(ports.inbox, inboxKey(delivery.model, trainedFile(id, name)), bytes);
  await settle(ports, id, { state: 'trained', result });
  for (const { name, bytes } of companions) await land(name, bytes);
  await land(file.name.replace(/^.*\./, ''), file.bytes);
  await takeAway(ports.inbox, delivery);
}

/** Nothing was learned, and it would be the same again: the table goes to `refused/` with the reason. */
export async function settleUnlearned(
  ports: SettlePorts,
  delivery: Delivery,
  id: string,
  error: ModeldropError,
): Promise<void> {
  const { model, file } = delivery;
  const [at, { message }] = [timeOf(ports), error];
  await refuse(ports.inbox, delivery, error);
  await settle(ports, id, { state: error instanceof TorchFailed ? 'failed' : 'refused', error: message });
  await writeDrop(ports.registry, { id, model, file, state: 'refused', since: at, updatedAt: at, error: message });
}
