import type { Rows } from '../rows.ts';
import type { LinearFit } from './least-squares.ts';
import { requireTargets, TrainingRefused } from './training-refused.ts';

export interface DescentOptions {
  /** Length of a step against the gradient. A negative rate climbs. */
  readonly rate: number;
  readonly iterations: number;
}

export interface DescentFit extends LinearFit {
  /** The loss before each step and after the last. */
  readonly losses: readonly number[];
  /** Whether the loss ended above where it began, or left the finite numbers: the rate is too large, or of wrong sign. */
  readonly diverged: boolean;
}

/**
 * Batch gradient descent from zero on the loss 1/(2n) sum r^2, with r = w x + b - y: each step takes
 * rate * 1/n sum r x from w, and rate * 1/n sum r from b. It stops where the loss is no longer finite.
 * @throws TrainingRefused where rows and targets do not fit, or an option is no number to work with
 */
export function gradientDescent(rows: Rows, targets: Float64Array, { rate, iterations }: DescentOptions): DescentFit {
  requireTargets(rows, targets);
  if (!Number.isFinite(rate))
    throw new TrainingRefused({ where: 'rate', rule: 'must be a finite number', found: rate });
  if (!Number.isSafeInteger(iterations) || iterations < 1) {
    throw new TrainingRefused({ where: 'iterations', rule: 'must be an integer of at least 1', found: iterations });
  }
  const { count, width } = rows;
  const theta = new Float64Array(width + 1);
  const gradient = new Float64Array(width + 1);
  const losses = [lossAndGradient(rows, targets, theta, gradient)];
  for (let step = 0; step < iterations && Number.isFinite(losses[step]); step++) {
    for (let k = 0; k <= width; k++) theta[k] = (theta[k] as number) - (rate * (gradient[k] as number)) / count;
    losses.push(lossAndGradient(rows, targets, theta, gradient));
  }
  const [first, last] = [losses[0] as number, losses.at(-1) as number];
  return {
    coefficients: Array.from(theta.subarray(0, width)),
    intercept: theta[width] as number,
    losses,
    diverged: !(last <= first),
  };
}

/** Fills `gradient` with sum r x and sum r, the intercept last. */
function lossAndGradient(rows: Rows, targets: Float64Array, theta: Float64Array, gradient: Float64Array): number {
  const { count, width, values } = rows;
  gradient.fill(0);
  let squares = 0;
  for (let row = 0; row < count; row++) {
    const start = row * width;
    let residual = (theta[width] as number) - (targets[row] as number);
    for (let k = 0; k < width; k++) residual += (theta[k] as number) * (values[start + k] as number);
    for (let k = 0; k < width; k++) gradient[k] = (gradient[k] as number) + residual * (values[start + k] as number);
    gradient[width] = (gradient[width] as number) + residual;
    squares += residual * residual;
  }
  return squares / (2 * count);
}
