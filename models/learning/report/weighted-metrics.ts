import type { Answers } from '../answers.ts';
import type { Probabilities } from '../metrics.ts';
import { meanOf } from '../moments.ts';

/** A metric of rows that count so many times each. NaN where it has no value. */
export type WeightedMetric = (weights: Uint16Array) => number;

/** The metrics whose intervals are found by resampling, each set up once for many resamplings. */
export function weightedMetrics(answers: Answers): Readonly<Record<string, WeightedMetric>> {
  if (answers.task === 'regression') return ofNumbers(answers.truth, answers.predicted);
  const { truth, predicted, probabilities, positive } = answers;
  return { ...ofClasses(truth, predicted), ...(probabilities && ofProbabilities(truth, probabilities, positive)) };
}

function ofNumbers(truth: Float64Array, predicted: Float64Array): Record<string, WeightedMetric> {
  const errors = truth.map((value, row) => value - (predicted[row] as number));
  const squares = errors.map((error) => error * error);
  const sizes = errors.map(Math.abs);
  const shares = sizes.map((size, row) => size / Math.abs(truth[row] as number));
  const magnitudes = truth.map(Math.abs);
  // About the mean of the whole, so that little is lost where the mean of a draw is taken off.
  const middle = meanOf(truth);
  const centred = truth.map((value) => value - middle);
  const centredSquares = centred.map((value) => value * value);
  return {
    r2(weights) {
      if (isConstant(weights, truth)) return sum(weights, squares) === 0 ? 1 : 0;
      const [all, moved] = [mean(weights, centredSquares), mean(weights, centred)];
      return 1 - mean(weights, squares) / (all - moved * moved);
    },
    rmse: (weights) => Math.sqrt(mean(weights, squares)),
    mae: (weights) => mean(weights, sizes),
    mape: (weights) => mean(weights, shares),
    wape: (weights) => sum(weights, sizes) / sum(weights, magnitudes),
  };
}

function ofClasses(truth: Int32Array, predicted: Int32Array): Record<string, WeightedMetric> {
  const classes =
    1 +
    truth.reduce(
      (most, k) => Math.max(most, k),
      predicted.reduce((most, k) => Math.max(most, k), 0),
    );
  const [actual, claimed, hits] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  const tally = (weights: Uint16Array): void => {
    for (const counts of [actual, claimed, hits]) counts.fill(0);
    for (let row = 0; row < truth.length; row++) {
      const [weight, k, guess] = [weights[row] as number, truth[row] as number, predicted[row] as number];
      actual[k] = (actual[k] as number) + weight;
      claimed[guess] = (claimed[guess] as number) + weight;
      if (k === guess) hits[k] = (hits[k] as number) + weight;
    }
  };
  const meanOver = (weights: Uint16Array, term: (k: number) => number): number => {
    tally(weights);
    let [all, present] = [0, 0];
    for (let k = 0; k < classes; k++) {
      if (actual[k] === 0) continue;
      all += term(k);
      present += 1;
    }
    return all / present;
  };
  return {
    balanced_accuracy: (weights) => meanOver(weights, (k) => (hits[k] as number) / (actual[k] as number)),
    f1: (weights) =>
      meanOver(weights, (k) => (2 * (hits[k] as number)) / ((actual[k] as number) + (claimed[k] as number))),
  };
}

function ofProbabilities(
  truth: Int32Array,
  probabilities: Probabilities,
  positive: number,
): Record<string, WeightedMetric> {
  const { classes } = probabilities;
  const losses = logLosses(truth, probabilities);
  const squares = brierScores(truth, probabilities);
  const rankings = Array.from({ length: classes }, (_, k) => ranking(truth, probabilities, k));
  const areas = (weights: Uint16Array): number =>
    classes === 2
      ? areaUnderRoc(rankings[positive] as Ranking, weights)
      : rankings.reduce((all, each) => all + areaUnderRoc(each, weights), 0) / classes;
  return {
    logloss: (weights) => mean(weights, losses),
    brier: (weights) => mean(weights, squares),
    auc: areas,
    ...(classes === 2 && { average_precision: (weights) => averagePrecision(rankings[positive] as Ranking, weights) }),
  };
}

/** -log p of the true class, row by row: clipped at machine epsilon, renormalised. */
export function logLosses(truth: Int32Array, { classes, values }: Probabilities): Float64Array {
  return Float64Array.from(truth, (k, row) => {
    let [all, own] = [0, 0];
    for (let c = 0; c < classes; c++) {
      const p = Math.min(Math.max(values[row * classes + c] as number, Number.EPSILON), 1 - Number.EPSILON);
      all += p;
      if (c === k) own = p;
    }
    return -Math.log(own / all);
  });
}

function brierScores(truth: Int32Array, { classes, values }: Probabilities): Float64Array {
  const first = classes === 2 ? 1 : 0;
  return Float64Array.from(truth, (k, row) => {
    let all = 0;
    for (let c = first; c < classes; c++) all += ((values[row * classes + c] as number) - (k === c ? 1 : 0)) ** 2;
    return all;
  });
}

/** Rows by falling score of one class; rows of one score are one step. */
export interface Ranking {
  readonly order: Uint32Array;
  /** In the same order. */
  readonly isPositive: Uint8Array;
  /** Where each step ends. */
  readonly ends: Uint32Array;
}

/** @param positive which position counts as positive, where it is not the one that the scores are of */
export function ranking(truth: Int32Array, scored: Probabilities, column: number, positive = column): Ranking {
  const scores = Float64Array.from(truth, (_, row) => scored.values[row * scored.classes + column] as number);
  const order = Uint32Array.from(truth.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++) {
    if (i === order.length || scores[order[i] as number] !== scores[order[i - 1] as number]) ends.push(i);
  }
  return {
    order,
    isPositive: Uint8Array.from(order, (row) => Number(truth[row] === positive)),
    ends: Uint32Array.from(ends),
  };
}

/** Calls `step` with what is above each threshold: true and false positives. */
export function forSteps(
  { order, isPositive, ends }: Ranking,
  weights: Uint16Array | undefined,
  step: (hits: number, alarms: number) => void,
): void {
  let [hits, alarms, from] = [0, 0, 0];
  for (const end of ends) {
    for (let i = from; i < end; i++) {
      const weight = weights ? (weights[order[i] as number] as number) : 1;
      const hit = weight * (isPositive[i] as number);
      hits += hit;
      alarms += weight - hit;
    }
    from = end;
    step(hits, alarms);
  }
}

/** Mann and Whitney's share of pairs in the right order, ties half. NaN where one side is empty. */
export function areaUnderRoc(ranked: Ranking, weights?: Uint16Array): number {
  let [area, before, hitsBefore, alarms] = [0, 0, 0, 0];
  forSteps(ranked, weights, (hits, all) => {
    area += (all - before) * ((hits + hitsBefore) / 2);
    [before, hitsBefore, alarms] = [all, hits, all];
  });
  return hitsBefore > 0 && alarms > 0 ? area / (hitsBefore * alarms) : Number.NaN;
}

function averagePrecision(ranked: Ranking, weights: Uint16Array): number {
  let [area, hitsBefore] = [0, 0];
  forSteps(ranked, weights, (hits, alarms) => {
    if (hits > hitsBefore) area += (hits - hitsBefore) * (hits / (hits + alarms));
    hitsBefore = hits;
  });
  return hitsBefore > 0 ? area / hitsBefore : Number.NaN;
}

/** Whether all rows that count have one value. The spread about their mean would be rounding, not 0. */
function isConstant(weights: Uint16Array, values: Float64Array): boolean {
  const first = values[weights.findIndex((weight) => weight > 0)];
  return values.every((value, row) => weights[row] === 0 || value === first);
}

function sum(weights: Uint16Array, values: Float64Array): number {
  let all = 0;
  for (let row = 0; row < weights.length; row++) all += (weights[row] as number) * (values[row] as number);
  return all;
}

function mean(weights: Uint16Array, values: Float64Array): number {
  let [all, count] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    all += (weights[row] as number) * (values[row] as number);
    count += weights[row] as number;
  }
  return all / count;
}
