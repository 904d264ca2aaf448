import type { Answers } from './answers.ts';
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

/** What classes are called, and which of two is looked for (the second, where nobody says). */
export interface Naming {
  readonly labels?: readonly (string | number)[];
  readonly positive?: number;
}

/** Every metric of predicted classes, and of probabilities where there are some. Classes are positions in the labels. */
export const classificationMetrics = (
  truth: Int32Array,
  predicted: Int32Array,
  probabilities?: Probabilities,
  { labels = [], positive = 1 }: Naming = {},
): Evaluation =>
  collect({
    accuracy: accuracy(truth, predicted),
    balanced_accuracy: balancedAccuracy(truth, predicted),
    f1: f1(truth, predicted),
    ...(probabilities && {
      logloss: logLoss(truth, probabilities),
      auc: auc(truth, probabilities, labels),
      brier: brier(truth, probabilities),
      ...(probabilities.classes === 2 && { average_precision: averagePrecision(truth, probabilities, positive) }),
    }),
  });

/** Every metric of a model's answers. */
export const metricsOf = (answers: Answers): Evaluation =>
  answers.task === 'regression'
    ? regressionMetrics(answers.truth, answers.predicted)
    : classificationMetrics(answers.truth, answers.predicted, answers.probabilities, answers);

function collect(scores: Record<string, Score>): Evaluation {
  const metrics: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const [name, score] of Object.entries(scores)) {
    const { value } = score;
    metrics[name] = value !== null && Number.isFinite(value) ? value : null;
    if (value === null) reasons[name] = score.why;
    else if (!Number.isFinite(value)) reasons[name] = `it comes to ${value}: some value is too large, or no number`;
  }
  return { metrics, reasons };
}
