import * as Type from 'typebox';
import { NetworkRecipe } from '../../models/learning/network/network-recipe.ts';
import { Recipe } from '../../models/learning/recipe.ts';
import { MODEL_NAME } from '../../models/model-name.ts';

const table = {
  model: Type.String({ pattern: MODEL_NAME.source, description: 'What the model will be called.' }),
  file: Type.Optional(
    Type.Unsafe<'train.csv' | 'train.jsonl' | 'train.parquet'>({
      type: 'string',
      enum: ['train.csv', 'train.jsonl', 'train.parquet'],
      default: 'train.csv',
    }),
  ),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: "Of the table's bytes." }),
};

const closed = { additionalProperties: false };

/** A table that is about to be uploaded, and what to learn from it by a kind of ours. */
export const OwnTrainingRequest = Type.Object({ ...table, recipe: Type.Optional(Recipe) }, closed);

/** The same for a network. */
export const NetworkTrainingRequest = Type.Object({ ...table, recipe: NetworkRecipe }, closed);

export const TrainingRequest = Type.Union([OwnTrainingRequest, NetworkTrainingRequest]);

/** What the train function is asked: the job, and where its table lies in the inbox. */
export interface TrainRequest {
  readonly id: string;
  readonly key: string;
}
