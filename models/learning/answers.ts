import { type Frame, selectFrame } from '../frame.ts';
import type { Labels } from '../labels.ts';
import type { NativeModel } from '../native.ts';
import type { Tensor, Tensors } from '../tensor.ts';
import type { Probabilities } from './metrics.ts';
import type { Problem, Truth } from './problem.ts';
import { selectClasses, selectRows, selectTargets } from './split.ts';

/** What was true and what was answered, row by row. Classes are positions in the labels. */
export type Answers =
  | { readonly task: 'regression'; readonly truth: Float64Array; readonly predicted: Float64Array }
  | {
      readonly task: 'classification';
      readonly truth: Int32Array;
      readonly predicted: Int32Array;
      readonly labels: Labels['values'];
      /** Of two classes the one that is looked for, as a position. */
      readonly positive: number;
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
  answersIn(scoreFrame(model, frame), model, truth);

/** The labels of a classifier, and of two the one that is looked for. */
interface Labelled {
  readonly labels?: Labels | undefined;
  readonly positive?: NativeModel['positive'] | undefined;
}

/** What a model's outputs say beside what was true; without labels they are numbers. */
export function answersIn(outputs: Tensors, { labels, positive }: Labelled, truth: Float64Array | Int32Array): Answers {
  const predict = outputs.get('predict') as Tensor;
  if (labels === undefined)
    return { task: 'regression', truth: truth as Float64Array, predicted: predict.data as Float64Array };
  const values = outputs.get('predict_proba')?.data as Float64Array | undefined;
  return {
    task: 'classification',
    truth: truth as Int32Array,
    predicted: positionsOf(labels, predict),
    labels: labels.values,
    positive: positiveIn(labels, positive),
    ...(values && { probabilities: { classes: labels.values.length, values } }),
  };
}

/** Every output of a model on these rows, before preparation. */
export const scoreFrame = ({ plan, scorer }: NativeModel, frame: Frame): Tensors => scorer.score(plan.apply(frame));

/** The answers to some of the rows. */
export function pickAnswers(answers: Answers, rows: Int32Array): Answers {
  if (answers.task === 'regression') {
    const { truth, predicted } = answers;
    return { task: 'regression', truth: selectTargets(truth, rows), predicted: selectTargets(predicted, rows) };
  }
  const { truth, predicted, probabilities } = answers;
  const picked =
    probabilities && selectRows({ ...probabilities, count: truth.length, width: probabilities.classes }, rows);
  return {
    ...answers,
    truth: selectClasses(truth, rows),
    predicted: selectClasses(predicted, rows),
    ...(picked && { probabilities: { classes: picked.width, values: picked.values } }),
  };
}

/** The position of the label that is looked for: the second of two, where nobody says. */
export function positiveIn({ values }: Labels, positive: string | number | undefined): number {
  const found = values.findIndex((label) => String(label) === String(positive));
  return found === -1 ? 1 : found;
}

const utf8 = new TextDecoder();

export function positionsOf({ values }: Labels, { data }: Tensor): Int32Array {
  const positions = new Map(values.map((label, position) => [String(label), position]));
  return Int32Array.from(data as ArrayLike<bigint | Uint8Array>, (answer) => {
    const label = typeof answer === 'bigint' ? String(answer) : utf8.decode(answer);
    return positions.get(label) as number;
  });
}
