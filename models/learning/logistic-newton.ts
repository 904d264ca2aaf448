import type { Rows } from '../rows.ts';
import { solveCholesky } from './cholesky.ts';
import { differentiate, type LogisticProblem, objective, parameterCount } from './logistic-objective.ts';
import { requireTargets, TrainingRefused } from './training-refused.ts';

export interface LogisticOptions {
  /** Number of classes; two share one vector, toward class 1. */
  readonly classes: number;
  /** Weight of the loss against the l2 penalty. */
  readonly C: number;
  /** Of each row; multiplies C. */
  readonly weights?: Float64Array;
}

export interface LogisticFit {
  /** `[1 | K][width]` */
  readonly coefficients: readonly (readonly number[])[];
  /** `[1 | K]`; many intercepts sum to 0. */
  readonly intercept: readonly number[];
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const ITERATIONS = 200;
/** Relative to the objective. Rounding leaves about 1e-15. */
const PRECISION = 1e-13;

/**
 * The optimum of 1/2 sum |w_k|^2 + C sum s_i loss_i by Newton's method with backtracking; no intercept is penalised.
 * Boyd and Vandenberghe, "Convex Optimization", section 9.5.
 * @param targets position of each row's class, from 0 to `classes - 1`
 * @throws TrainingRefused where a class has no row, or an option is out of range
 */
export function logisticNewton(rows: Rows, targets: Int32Array, { classes, C, weights }: LogisticOptions): LogisticFit {
  requireTargets(rows, targets);
  requireClasses(targets, classes);
  if (!(C > 0 && C < Number.POSITIVE_INFINITY))
    throw new TrainingRefused({ where: 'C', rule: 'must be > 0', found: C });
  const problem: LogisticProblem = { rows, classes: targets, vectors: classes === 2 ? 1 : classes, C, weights };
  const { theta, ...end } = minimise(problem);
  const block = rows.width + 1;
  const vectors = Array.from({ length: problem.vectors }, (_, k) =>
    Array.from(theta.subarray(k * block, (k + 1) * block)),
  );
  return {
    coefficients: vectors.map((vector) => vector.slice(0, -1)),
    intercept: vectors.map((vector) => vector.at(-1) as number),
    ...end,
  };
}

function minimise(problem: LogisticProblem) {
  const size = parameterCount(problem);
  const into = { gradient: new Float64Array(size), hessian: new Float64Array(size * size) };
  let theta = new Float64Array(size);
  let value = objective(problem, theta);
  for (let iterations = 1; iterations <= ITERATIONS; iterations++) {
    differentiate(problem, theta, into);
    const step = into.gradient.map((slope) => -slope);
    if (!solveCholesky(into.hessian, step)) break;
    // The decrement is twice the estimated distance of the objective from its optimum.
    const decrement = -step.reduce((sum, move, i) => sum + move * (into.gradient[i] as number), 0);
    // So close to the optimum a full step doubles the digits, though the objective no longer shows it.
    const close = decrement <= PRECISION * Math.max(1, value);
    const next = close ? moved(theta, step, 1) : backtrack(problem, theta, step, value, decrement);
    if (next === undefined) break;
    theta = next;
    value = objective(problem, theta);
    if (close) return { theta, objective: value, iterations, converged: true };
  }
  return { theta, objective: value, iterations: ITERATIONS, converged: false };
}

const moved = (theta: Float64Array, step: Float64Array, length: number): Float64Array<ArrayBuffer> =>
  Float64Array.from(theta, (parameter, i) => parameter + length * (step[i] as number));

/** The longest of the steps 1, 1/2, 1/4, ... that lowers the objective enough; undefined where rounding allows none. */
function backtrack(
  problem: LogisticProblem,
  theta: Float64Array,
  step: Float64Array,
  value: number,
  decrement: number,
): Float64Array<ArrayBuffer> | undefined {
  for (let length = 1; length > 1e-10; length /= 2) {
    const next = moved(theta, step, length);
    if (objective(problem, next) <= value - 0.25 * length * decrement) return next;
  }
  return undefined;
}

function requireClasses(targets: Int32Array, classes: number): void {
  if (!Number.isInteger(classes) || classes < 2) {
    throw new TrainingRefused({ where: 'classes', rule: 'must be at least 2', found: classes });
  }
  const seen = new Set(targets);
  for (let k = 0; k < classes; k++) {
    if (!seen.has(k)) throw new TrainingRefused({ where: 'targets', rule: `must hold a row of class ${k}` });
  }
  const stray = targets.find((target) => target < 0 || target >= classes);
  if (stray !== undefined) {
    throw new TrainingRefused({ where: 'targets', rule: `must be classes from 0 to ${classes - 1}`, found: stray });
  }
}
