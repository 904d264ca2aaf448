import type { Probabilities } from '../learning/metrics.ts';

/** Probabilities below are taken for this one: their logarithm has to be finite. */
const LEAST = 1e-12;
const [COLDEST, HOTTEST] = [0.05, 20];

/** Of a row, the largest probability once all of them are softened: softmax(log p / temperature). In (0, 1]. */
export function confidence({ classes, values }: Probabilities, row: number, temperature: number): number {
  let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
  for (let k = 0; k < classes; k++) largest = Math.max(largest, logAt(values, row * classes + k));
  for (let k = 0; k < classes; k++) sum += Math.exp((logAt(values, row * classes + k) - largest) / temperature);
  return 1 / sum;
}

/**
 * The temperature at which these rows' truth is likeliest, from 0.05 to 20. Guo et al., "On calibration of modern neural
 * networks", ICML 2017. The loss is convex in its inverse, so that halving finds it.
 */
export function fitTemperature(probabilities: Probabilities, truth: Int32Array, rows: Int32Array): number {
  let [low, high] = [1 / HOTTEST, 1 / COLDEST];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (slopeAt(probabilities, truth, rows, middle) < 0) low = middle;
    else high = middle;
  }
  return 2 / (low + high);
}

/** Of the loss, by the inverse temperature: the expected logarithm less the true one, over all rows. */
function slopeAt({ classes, values }: Probabilities, truth: Int32Array, rows: Int32Array, inverse: number): number {
  let slope = 0;
  for (const row of rows) {
    const start = row * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) largest = Math.max(largest, logAt(values, start + k));
    let [sum, expected] = [0, 0];
    for (let k = 0; k < classes; k++) {
      const log = logAt(values, start + k) - largest;
      const weight = Math.exp(inverse * log);
      sum += weight;
      expected += weight * log;
    }
    slope += expected / sum - (logAt(values, start + (truth[row] as number)) - largest);
  }
  return slope;
}

const logAt = (values: Float64Array, at: number): number => Math.log(Math.max(values[at] as number, LEAST));
