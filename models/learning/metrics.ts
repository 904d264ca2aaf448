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

/** Share of rows with the right class. Classes are positions in the labels. */
export function accuracy(truth: Int32Array, predicted: Int32Array): Score {
  const count = truth.length;
  if (count === 0) return NO_ROWS;
  return { value: sumOf(count, (row) => (truth[row] === predicted[row] ? 1 : 0)) / count };
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

/** Area under the ROC curve: of class 1 of two, or one class against the rest, averaged, for more. */
export function auc(truth: Int32Array, { classes, values }: Probabilities): Score {
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
  if (absent !== -1) return none(`AUC needs rows in and out of every class, but class ${absent} lacks them`);
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
