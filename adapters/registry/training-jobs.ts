import type { AnyRecipe } from '../../models/learning/any-recipe.ts';
import type { Epoch } from '../../models/learning/network/trained-network.ts';
import type { Store } from '../store/store.ts';
import { readDocument, writeDocument } from './document.ts';
import { layout } from './layout.ts';

/** `waiting` for its table; `trained`: the model is a drop of the same id; `failed`: what was to train it did not come to an end. */
export type TrainingState = 'waiting' | 'training' | 'trained' | 'refused' | 'failed';

/** A training on the platform. Its id is that of the table's drop, which goes on with the model that was learned. */
export interface TrainingJob {
  readonly id: string;
  readonly model: string;
  readonly file: string;
  readonly state: TrainingState;
  readonly recipe: AnyRecipe;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The name of the training elsewhere, by whom it is trained there. */
  readonly trainedBy?: string;
  /** Of a network: how far it is. */
  readonly progress?: Epoch;
  /** What was learned, and how good it is. */
  readonly result?: unknown;
  /** Why nothing was learned, and how to mend it. */
  readonly error?: string;
}

export const readTrainingJob = async (store: Store, id: string): Promise<TrainingJob | undefined> =>
  (await readDocument<TrainingJob>(store, layout.trainingJob(id)))?.value;

/** Replaces a job by what `next` makes of it, decided anew where somebody else was first. Undefined leaves it as it is. */
export async function moveTrainingJob(
  store: Store,
  id: string,
  next: (current: TrainingJob | undefined) => TrainingJob | undefined,
): Promise<TrainingJob | undefined> {
  for (;;) {
    const current = await readDocument<TrainingJob>(store, layout.trainingJob(id));
    const moved = next(current?.value);
    if (moved === undefined || (await writeDocument(store, layout.trainingJob(id), moved, current?.etag))) return moved;
  }
}
