import type { NativeModel } from '../native.ts';
import { type Answers, answersOn, positiveIn } from './answers.ts';
import { classificationBaseline, regressionBaseline } from './baseline-predictor.ts';
import { type Evaluation, metricsOf } from './evaluate.ts';
import type { Problem } from './problem.ts';
import { selectClasses, selectTargets } from './split.ts';

/** The metric by which models are held against each other; `loss` is lower for the better one. */
export interface Primary {
  readonly metric: 'rmse' | 'logloss' | 'accuracy';
  readonly loss: number;
}

/** Metrics, and the one by which they are compared. */
export type Evaluated = Evaluation & { readonly primary: Primary };

/** A model on some rows of its problem. */
export const evaluate = (model: NativeModel, problem: Problem, rows: Int32Array): Evaluated =>
  evaluateAnswers(answersOn(model, problem, rows));

export function evaluateAnswers(answers: Answers): Evaluated {
  const evaluation = metricsOf(answers);
  return { ...evaluation, primary: primaryOf(evaluation) };
}

/** Log loss where there are probabilities, otherwise the error rate; RMSE of numbers. */
export function primaryOf({ metrics }: Evaluation): Primary {
  if (metrics.rmse !== undefined) return { metric: 'rmse', loss: metrics.rmse ?? Number.NaN };
  if (metrics.logloss !== undefined) return { metric: 'logloss', loss: metrics.logloss ?? Number.NaN };
  return { metric: 'accuracy', loss: 1 - (metrics.accuracy ?? Number.NaN) };
}

/** What guessing from the training targets alone scores on the test rows. */
export function evaluateBaseline(
  { truth }: Problem,
  train: Int32Array,
  test: Int32Array,
  positive: string | number | undefined,
): Evaluation {
  return truth.task === 'regression'
    ? regressionBaseline(selectTargets(truth.values, train), selectTargets(truth.values, test))
    : classificationBaseline(
        selectClasses(truth.positions, train),
        selectClasses(truth.positions, test),
        truth.labels.values.length,
        { labels: truth.labels.values, positive: positiveIn(truth.labels, positive) },
      );
}
