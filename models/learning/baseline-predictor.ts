import { classificationMetrics, type Evaluation, type Naming, regressionMetrics } from './evaluate.ts';
import { meanOf } from './moments.ts';

/** What guessing without features scores on the test rows: r2 and rmse of the training mean, mae, mape and wape of the median. */
export function regressionBaseline(train: Float64Array, test: Float64Array): Evaluation {
  const guess = (value: number) => regressionMetrics(test, new Float64Array(test.length).fill(value));
  const mean = guess(meanOf(train));
  const { mae = null, mape = null, wape = null } = guess(medianOf(train)).metrics;
  return { metrics: { ...mean.metrics, mae, mape, wape }, reasons: mean.reasons };
}

/** Accuracy of the most frequent training class, and logloss and auc of the class priors. Ties go to the first. */
export function classificationBaseline(
  train: Int32Array,
  test: Int32Array,
  classes: number,
  naming: Naming = {},
): Evaluation {
  const counts = new Float64Array(classes);
  for (const position of train) counts[position] = (counts[position] as number) + 1;
  const majority = counts.indexOf(Math.max(...counts));
  const values = Float64Array.from(
    { length: test.length * classes },
    (_, i) => (counts[i % classes] as number) / train.length,
  );
  return classificationMetrics(test, new Int32Array(test.length).fill(majority), { classes, values }, naming);
}

/** Of an even number of values, the mean of the two in the middle. */
function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
