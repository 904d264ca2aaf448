import type { TrainingSite } from '../../adapters/sagemaker/training-jobs.ts';

/** What the train function is told of a stage that trains networks, as JSON in `MODELDROP_TRAINING`. */
export interface NetworkTraining extends TrainingSite {
  /** Of every training's name. */
  readonly prefix: string;
}
