import { type Frame, selectFrame } from '../frame.ts';
import type { Labels } from '../labels.ts';
import type { NativeModel } from '../native.ts';
import type { Tensor, Tensors } from '../tensor.ts';
import type { Probabilities } from './metrics.ts';
import type { Problem, Truth } from './problem.ts';
import { selectClasses, selectTargets } from './split.ts';

/** What was true and what was answered, row by row. Classes are positions in the labels. */
export type Answers =
  | { readonly task: 'regression'; readonly truth: Float64Array; readonly predicted: Float64Array }
  | {
      readonly task: 'classification';
      readonly truth: Int32Array;
      readonly predicted: Int32Array;
      readonly probabilities?: Probabilities;
    };

/** A model's answers on some rows of its problem. */
export const answersOn = (model: NativeModel, { features, truth }: Problem, rows: Int32Array): Answers =>
  answersOf(model, selectFrame(features, rows), truthOn(truth, rows));

/** The truth of these rows. */
export const truthOn = (truth: Truth, rows: Int32Array): Float64Array | Int32Array =>
  truth.task === 'regression' ? selectTargets(truth.values, rows) : selectClasses(truth.positions, rows);

/** A model's answers on rows before preparation. */
export const answersOf = (model: NativeModel, frame: Frame, truth: Float64Array | Int32Array): Answers =>
  answersIn(scoreFrame(model, frame), model.labels, truth);

/** What a model's outputs say beside what was true; without labels they are numbers. */
export function answersIn(outputs: Tensors, labels: Labels | undefined, truth: Float64Array | Int32Array): Answers {
  const predict = outputs.get('predict') as Tensor;
  if (labels === undefined)
    return { task: 'regression', truth: truth as Float64Array, predicted: predict.data as Float64Array };
  const values = outputs.get('predict_proba')?.data as Float64Array | undefined;
  return {
    task: 'classification',
    truth: truth as Int32Array,
    predicted: positionsOf(labels, predict),
    ...(values && { probabilities: { classes: labels.values.length, values } }),
  };
}

/** Every output of a model on these rows, before preparation. */
export const scoreFrame = ({ plan, scorer }: NativeModel, frame: Frame): Tensors => scorer.score(plan.apply(frame));

const utf8 = new TextDecoder();

export function positionsOf({ values }: Labels, { data }: Tensor): Int32Array {
  const positions = new Map(values.map((label, position) => [String(label), position]));
  return Int32Array.from(data as ArrayLike<bigint | Uint8Array>, (answer) => {
    const label = typeof answer === 'bigint' ? String(answer) : utf8.decode(answer);
    return positions.get(label) as number;
  });
}
