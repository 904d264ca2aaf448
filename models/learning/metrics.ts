/** A metric's value, or why there is none. */
export type Score = { readonly value: number } | { readonly value: null; readonly why: string };

const none = (why: string): Score => ({ value: null, why });

function sumOf(count: number, term: (row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += term(row);
  return sum;
}

const NO_ROWS = none('there are no rows');

/** 1 - sum r^2 / sum (y - mean)^2; 1 or 0 for a constant target, met exactly or not. */
export function r2(truth: Float64Array, predicted: Float64Array): Score {
  const count = truth.length;
  if (count < 2) return none('R2 needs at least two rows');
  const mean = sumOf(count, (row) => truth[row] as number) / count;
  const total = sumOf(count, (row) => ((truth[row] as number) - mean) ** 2);
  const rest = sumOf(count, (row) => ((truth[row] as number) - (predicted[row] as number)) ** 2);
  if (truth.every((value) => value === truth[0])) return { value: rest === 0 ? 1 : 0 };
  return { value: 1 - rest / total };
}

/** Root of the mean squared error, in the unit of the target. */
export function rmse(truth: Float64Array, predicted: Float64Array): Score {
  const count = truth.length;
  if (count === 0) return NO_ROWS;
  return {
    value: Math.sqrt(sumOf(count, (row) => ((truth[row] as number) - (predicted[row] as number)) ** 2) / count),
  };
}

/** Mean absolute error, in the unit of the target. */
export function mae(truth: Float64Array, predicted: Float64Array): Score {
  const count = truth.length;
  if (count === 0) return NO_ROWS;
  return { value: sumOf(count, (row) => Math.abs((truth[row] as number) - (predicted[row] as number))) / count };
}

/** Mean of |error| / |truth|. */
export function mape(truth: Float64Array, predicted: Float64Array): Score {
  const count = truth.length;
  if (count === 0) return NO_ROWS;
  if (truth.includes(0)) return none('MAPE divides by the target, which is 0 in some row; see wape');
  return {
    value:
      sumOf(count, (row) => Math.abs(((truth[row] as number) - (predicted[row] as number)) / (truth[row] as number))) /
      count,
  };
}

/** Sum of |error| / sum of |truth|. */
export function wape(truth: Float64Array, predicted: Float64Array): Score {
  if (truth.length === 0) return NO_ROWS;
  const total = sumOf(truth.length, (row) => Math.abs(truth[row] as number));
  if (total === 0) return none('WAPE divides by the targets, and all are 0');
  return { value: sumOf(truth.length, (row) => Math.abs((truth[row] as number) - (predicted[row] as number))) / total };
}

/** Share of rows with the right class. Classes are positions in the labels. */
export function accuracy(truth: Int32Array, predicted: Int32Array): Score {
  const count = truth.length;
  if (count === 0) return NO_ROWS;
  return { value: sumOf(count, (row) => (truth[row] === predicted[row] ? 1 : 0)) / count };
}

/** Mean share of right rows over the classes that are there. */
export function balancedAccuracy(truth: Int32Array, predicted: Int32Array): Score {
  const present = [...new Set(truth)];
  if (present.length === 0) return NO_ROWS;
  const recallOf = (k: number): number => {
    const { hits, actual } = tally(truth, predicted, k);
    return hits / actual;
  };
  return { value: sumOf(present.length, (i) => recallOf(present[i] as number)) / present.length };
}

/** Mean over the classes that are there of 2 hits / (actual + predicted). */
export function f1(truth: Int32Array, predicted: Int32Array): Score {
  const present = [...new Set(truth)];
  if (present.length === 0) return NO_ROWS;
  const ofClass = (k: number): number => {
    const { hits, actual, claimed } = tally(truth, predicted, k);
    return (2 * hits) / (actual + claimed);
  };
  return { value: sumOf(present.length, (i) => ofClass(present[i] as number)) / present.length };
}

function tally(truth: Int32Array, predicted: Int32Array, k: number) {
  let [hits, actual, claimed] = [0, 0, 0];
  for (let row = 0; row < truth.length; row++) {
    if (truth[row] === k) actual += 1;
    if (predicted[row] === k) claimed += 1;
    if (truth[row] === k && predicted[row] === k) hits += 1;
  }
  return { hits, actual, claimed };
}

/** Probabilities of K classes, row-major. */
export interface Probabilities {
  readonly classes: number;
  readonly values: Float64Array;
}

/** Mean of -log p(true class), with p clipped at machine epsilon and rows renormalised. */
export function logLoss(truth: Int32Array, { classes, values }: Probabilities): Score {
  const count = truth.length;
  if (count === 0) return NO_ROWS;
  const clipped = values.map((p) => Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
  const loss = (row: number): number => {
    const sum = sumOf(classes, (k) => clipped[row * classes + k] as number);
    return -Math.log((clipped[row * classes + (truth[row] as number)] as number) / sum);
  };
  return { value: sumOf(count, loss) / count };
}

/** Mean squared distance of the probabilities from the truth: of class 1 of two, summed over all of more. */
export function brier(truth: Int32Array, { classes, values }: Probabilities): Score {
  const count = truth.length;
  if (count === 0) return NO_ROWS;
  const first = classes === 2 ? 1 : 0;
  const ofRow = (row: number): number =>
    sumOf(
      classes - first,
      (k) => ((values[row * classes + first + k] as number) - (truth[row] === first + k ? 1 : 0)) ** 2,
    );
  return { value: sumOf(count, ofRow) / count };
}

/** Area under the steps of the precision-recall curve, of one of two classes. */
export function averagePrecision(truth: Int32Array, { classes, values }: Probabilities, positive = 1): Score {
  if (classes !== 2) return none('average precision is of two classes');
  const isPositive = (row: number): number => Number(truth[row] === positive);
  const positives = sumOf(truth.length, isPositive);
  if (positives === 0) return none('average precision needs rows of the class that is looked for');
  const score = (row: number): number => values[row * 2 + positive] as number;
  const order = Array.from(truth.keys()).sort((a, b) => score(b) - score(a));
  let [hits, area] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let [to, found] = [from, 0];
    // Rows with one score are one step.
    while (to < order.length && score(order[to] as number) === score(order[from] as number)) {
      found += isPositive(order[to] as number);
      to += 1;
    }
    hits += found;
    area += (found / positives) * (hits / to);
    from = to;
  }
  return { value: area };
}

/**
 * Area under the ROC curve: of two classes, or one class against the rest, averaged, for more.
 * @param labels what the classes are called, where a reason names one
 */
export function auc(
  truth: Int32Array,
  { classes, values }: Probabilities,
  labels: readonly (string | number)[] = [],
): Score {
  const ofClass = (k: number): number | undefined => {
    const scores = Float64Array.from(truth, (_, row) => values[row * classes + k] as number);
    return areaUnderCurve(
      Array.from(truth, (position) => position === k),
      scores,
    );
  };
  if (classes === 2) {
    const area = ofClass(1);
    return area === undefined ? none('AUC needs rows of both classes') : { value: area };
  }
  const areas = Array.from({ length: classes }, (_, k) => ofClass(k));
  const absent = areas.indexOf(undefined);
  if (absent !== -1)
    return none(`AUC needs rows in and out of every class, but class ${labels[absent] ?? absent} lacks them`);
  return { value: sumOf(classes, (k) => areas[k] as number) / classes };
}

/** Mann and Whitney: the share of pairs in the right order, ties half. Undefined where one side is empty. */
function areaUnderCurve(positive: readonly boolean[], scores: Float64Array): number | undefined {
  const order = positive.map((_, row) => row).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const positives = positive.filter(Boolean).length;
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to] as number] === scores[order[from] as number]) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (positive[order[i] as number]) ranks += rank;
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
