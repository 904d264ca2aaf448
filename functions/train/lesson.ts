import type { ModelFile } from '../../models/formats/format.ts';
import type { AnyRecipe } from '../../models/learning/any-recipe.ts';
import type { Epoch } from '../../models/learning/network/trained-network.ts';

/** A model file as it is dropped, what goes with it, and the result object of its training. */
export interface Lesson {
  readonly file: ModelFile;
  readonly companions: readonly ModelFile[];
  readonly result: unknown;
}

export interface Asked {
  readonly table: ModelFile;
  readonly recipe: AnyRecipe;
  /** Hears how far it is. */
  readonly tell: (progress: Epoch) => void;
}

/** A way to learn. @throws TrainingRefused, TableRefused; TorchMissing, TorchFailed where it is PyTorch's */
export type Learn = (asked: Asked) => Promise<Lesson>;
