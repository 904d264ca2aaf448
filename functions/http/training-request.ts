import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Recipe } from '../../models/learning/recipe.ts';
import { MODEL_NAME } from '../../models/model-name.ts';

/** A table that is about to be uploaded, and what to learn from it. */
export const TrainingRequest = Type.Object(
  {
    model: Type.String({ pattern: MODEL_NAME.source, description: 'What the model will be called.' }),
    file: Type.Optional(
      Type.Unsafe<'train.csv' | 'train.jsonl' | 'train.parquet'>({
        type: 'string',
        enum: ['train.csv', 'train.jsonl', 'train.parquet'],
        default: 'train.csv',
      }),
    ),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: "Of the table's bytes." }),
    recipe: Type.Optional(Recipe),
  },
  { additionalProperties: false },
);
export type TrainingRequest = Static<typeof TrainingRequest>;

/** What the train function is asked: the job, and where its table lies in the inbox. */
export interface TrainRequest {
  readonly id: string;
  readonly key: string;
}
