import { moveTrainingJob } from '../../adapters/registry/training-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Epoch } from '../../models/learning/network/trained-network.ts';

/** Who asks looks every second, at most. */
const APART_MS = 1_000;

interface Ports {
  readonly registry: Store;
  readonly now: () => number;
}

export interface Telling {
  readonly tell: (progress: Epoch) => void;
  /** Resolves once all that is told is written. */
  told(): Promise<void>;
}

/** Writes down how far a training is, while it goes on. Where that fails nobody is told, and the training goes on. */
export function telling({ registry, now }: Ports, id: string): Telling {
  let before = Number.NEGATIVE_INFINITY;
  let writing: Promise<unknown> = Promise.resolve();
  const write = (progress: Epoch) =>
    moveTrainingJob(registry, id, (job) =>
      job?.state === 'training' ? { ...job, progress, updatedAt: new Date(now()).toISOString() } : undefined,
    );
  return {
    tell(progress) {
      if (now() - before < APART_MS) return;
      before = now();
      writing = writing.then(() => write(progress)).catch(() => {});
    },
    told: async () => void (await writing),
  };
}
