import type { Answers } from '../answers.ts';
import type { Probabilities } from '../metrics.ts';
import type { Curves, Point } from './report.ts';
import { forSteps, ranking } from './weighted-metrics.ts';

const BINS = 10;
/** More points than a plot has pixels tell nothing. */
const MOST_POINTS = 400;
const MOST_RESIDUALS = 2_000;

/** ROC, precision-recall and calibration, one class against the rest; of two classes the one that is looked for. */
export function curvesOf({
  truth,
  probabilities,
  labels,
  positive,
}: Extract<Answers, { task: 'classification' }>): Curves[] {
  if (probabilities === undefined) return [];
  const classes = labels.length === 2 ? [positive] : labels.map((_, k) => k);
  return classes.flatMap((k) => {
    const positives = truth.reduce((count, position) => count + Number(position === k), 0);
    // A class that is absent, or alone, has no curve.
    if (positives === 0 || positives === truth.length) return [];
    return [
      {
        label: labels[k] as string | number,
        ...steps(truth, probabilities, k, positives),
        calibration: calibrationOf(truth, probabilities, k),
      },
    ];
  });
}

function steps(
  truth: Int32Array,
  probabilities: Probabilities,
  k: number,
  positives: number,
): { roc: Point[]; pr: Point[] } {
  const negatives = truth.length - positives;
  const [roc, pr]: [Point[], Point[]] = [[[0, 0]], [[0, 1]]];
  forSteps(ranking(truth, probabilities, k), undefined, (hits, alarms) => {
    roc.push([alarms / negatives, hits / positives]);
    pr.push([hits / positives, hits / (hits + alarms)]);
  });
  return { roc: thinned(roc, MOST_POINTS), pr: thinned(pr, MOST_POINTS) };
}

/** Ten bins of equal count, by rising probability. */
function calibrationOf(truth: Int32Array, { classes, values }: Probabilities, k: number): Curves['calibration'] {
  const order = Uint32Array.from(truth.keys()).sort(
    (a, b) => (values[a * classes + k] as number) - (values[b * classes + k] as number),
  );
  const bins = Math.min(BINS, order.length);
  return Array.from({ length: bins }, (_, bin) => {
    const rows = order.subarray(Math.floor((bin * order.length) / bins), Math.floor(((bin + 1) * order.length) / bins));
    const mean = (of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    return {
      predicted: mean((row) => values[row * classes + k] as number),
      observed: mean((row) => Number(truth[row] === k)),
      count: rows.length,
    };
  });
}

/** `confusion[truth][predicted]`. */
export function confusionOf(truth: Int32Array, predicted: Int32Array, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [row, k] of truth.entries()) {
    const line = counts[k] as number[];
    const guess = predicted[row] as number;
    line[guess] = (line[guess] as number) + 1;
  }
  return counts;
}

export const residualsOf = ({ truth, predicted }: Extract<Answers, { task: 'regression' }>) =>
  thinned(
    Array.from(truth, (value, row) => ({ truth: value, predicted: predicted[row] as number })),
    MOST_RESIDUALS,
  );

/** At most so many, evenly spaced, first and last among them. */
function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as T);
}
