import type { Frame } from '../frame.ts';
import type { Labels } from '../labels.ts';
import type { NativeModel } from '../native.ts';
import type { Tensor, Tensors } from '../tensor.ts';
import {
  accuracy,
  auc,
  averagePrecision,
  balancedAccuracy,
  brier,
  f1,
  logLoss,
  mae,
  mape,
  type Probabilities,
  r2,
  rmse,
  type Score,
  wape,
} from './metrics.ts';

/** Metrics by their lower-case names, and a reason for every null. */
export interface Evaluation {
  readonly metrics: Record<string, number | null>;
  readonly reasons: Record<string, string>;
}

/** Every metric of predicted numbers. */
export const regressionMetrics = (truth: Float64Array, predicted: Float64Array): Evaluation =>
  collect({
    r2: r2(truth, predicted),
    rmse: rmse(truth, predicted),
    mae: mae(truth, predicted),
    mape: mape(truth, predicted),
    wape: wape(truth, predicted),
  });

/** Every metric of predicted classes, and of probabilities where there are some. Classes are positions in the labels. */
export const classificationMetrics = (
  truth: Int32Array,
  predicted: Int32Array,
  probabilities?: Probabilities,
): Evaluation =>
  collect({
    accuracy: accuracy(truth, predicted),
    balanced_accuracy: balancedAccuracy(truth, predicted),
    f1: f1(truth, predicted),
    ...(probabilities && {
      logloss: logLoss(truth, probabilities),
      auc: auc(truth, probabilities),
      brier: brier(truth, probabilities),
      ...(probabilities.classes === 2 && { average_precision: averagePrecision(truth, probabilities) }),
    }),
  });

/** A regression model of one target on these rows, before preparation. */
export function evaluateRegressor(model: NativeModel, frame: Frame, truth: Float64Array): Evaluation {
  return regressionMetrics(truth, scoreFrame(model, frame).get('predict')?.data as Float64Array);
}

/** A classifier on these rows, before preparation. `truth` are positions in the model's labels. */
export function evaluateClassifier(model: NativeModel, frame: Frame, truth: Int32Array): Evaluation {
  const labels = model.labels as Labels;
  const answered = scoreFrame(model, frame);
  const predicted = positionsOf(labels, answered.get('predict') as Tensor);
  const values = answered.get('predict_proba')?.data as Float64Array | undefined;
  return classificationMetrics(truth, predicted, values && { classes: labels.values.length, values });
}

/** Every output of a model on these rows, before preparation. */
export const scoreFrame = ({ plan, scorer }: NativeModel, frame: Frame): Tensors => scorer.score(plan.apply(frame));

const utf8 = new TextDecoder();

function positionsOf({ values }: Labels, { data }: Tensor): Int32Array {
  const positions = new Map(values.map((label, position) => [String(label), position]));
  return Int32Array.from(data as ArrayLike<bigint | Uint8Array>, (answer) => {
    const label = typeof answer === 'bigint' ? String(answer) : utf8.decode(answer);
    return positions.get(label) as number;
  });
}

function collect(scores: Record<string, Score>): Evaluation {
  const metrics: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const [name, score] of Object.entries(scores)) {
    metrics[name] = score.value;
    if (score.value === null) reasons[name] = score.why;
  }
  return { metrics, reasons };
}
