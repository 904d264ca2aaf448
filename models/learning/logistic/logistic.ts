import type { Rows } from '../../rows.ts';
import { requireTargets, TrainingRefused } from '../training-refused.ts';
import type { LogisticProblem } from './design.ts';
import { type Minimum, newton } from './newton.ts';
import type { Penalty } from './penalty.ts';
import { proximalNewton } from './proximal-newton.ts';

export interface LogisticOptions {
  /** Number of classes; two share one vector, toward class 1. */
  readonly classes: number;
  /** Weight of the loss against the penalty; without a penalty it only scales the objective. */
  readonly C: number;
  /** l2 where absent. */
  readonly penalty?: Penalty;
  /** > 0, of each row; multiplies C. */
  readonly weights?: Float64Array;
  /** Of the gap, relative to the objective. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

export interface LogisticFit {
  /** `[1 | K][width]` */
  readonly coefficients: readonly (readonly number[])[];
  /** `[1 | K]`; many intercepts sum to 0. */
  readonly intercept: readonly number[];
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
  /**
   * The objective is at most so far above its optimum, relative to the objective (at least to 1); without a penalty it is the
   * squared Newton decrement, about twice the distance.
   */
  readonly gap: number;
}

const TOLERANCE = { l2: 1e-12, none: 1e-12, l1: 1e-10 };
const ITERATIONS = 200;

/**
 * The optimum of R + C sum s_i loss_i, R = 1/2 sum |w_k|^2 (l2), sum |w_k|_1 (l1) or nothing; no intercept is penalised.
 * @param targets position of each row's class, from 0 to `classes - 1`
 * @throws TrainingRefused where a class has no row, an option is out of range, or there is no optimum
 */
export function logisticRegression(rows: Rows, targets: Int32Array, options: LogisticOptions): LogisticFit {
  const { classes, C, weights, penalty = 'l2', maxIterations = ITERATIONS } = options;
  requireTargets(rows, targets);
  requireClasses(targets, classes);
  if (!(C > 0 && C < Number.POSITIVE_INFINITY))
    throw new TrainingRefused({ where: 'C', rule: 'must be > 0', found: C });
  const problem: LogisticProblem = { rows, classes: targets, classCount: classes, C, weights };
  const tolerance = options.tolerance ?? TOLERANCE[penalty];
  const ends = { tolerance, maxIterations };
  const minimum =
    penalty === 'l1' ? proximalNewton(problem, ends) : newton(problem, { ridge: penalty === 'l2' ? 1 : 0, ...ends });
  return fitOf(problem, minimum, tolerance);
}

function fitOf(
  { rows: { width }, classCount }: LogisticProblem,
  { theta, stride, objective, iterations, gap }: Minimum,
  tolerance: number,
): LogisticFit {
  const vectors = Array.from({ length: classCount === 2 ? 1 : classCount }, (_, k) => k * stride);
  const intercepts = vectors.map((start) => theta[start + width] as number);
  const mean = classCount === 2 ? 0 : intercepts.reduce((sum, b) => sum + b, 0) / classCount;
  const relative = gap / Math.max(1, objective);
  return {
    coefficients: vectors.map((start) => Array.from(theta.subarray(start, start + width))),
    intercept: intercepts.map((b) => b - mean),
    objective,
    iterations,
    converged: relative <= tolerance,
    gap: relative,
  };
}

function requireClasses(targets: Int32Array, classes: number): void {
  if (!Number.isInteger(classes) || classes < 2) {
    throw new TrainingRefused({ where: 'classes', rule: 'must be at least 2', found: classes });
  }
  const seen = new Uint8Array(classes);
  for (let row = 0; row < targets.length; row++) seen[targets[row] as number] = 1;
  for (let k = 0; k < classes; k++) {
    if (seen[k] === 0) throw new TrainingRefused({ where: 'targets', rule: `must hold a row of class ${k}` });
  }
  const stray = targets.find((target) => target < 0 || target >= classes);
  if (stray !== undefined) {
    throw new TrainingRefused({ where: 'targets', rule: `must be classes from 0 to ${classes - 1}`, found: stray });
  }
}
