import { softmax } from '../kinds/softmax.ts';
import type { Rows } from '../rows.ts';

/**
 * The l2 objective of logistic regression, 1/2 sum |w_k|^2 + C sum s_i loss_i, over `vectors` blocks of `width + 1`
 * parameters, the intercept last: one block toward class 1 of two, or one block a class.
 *
 * Softmax does not change when every intercept moves by the same amount. So that the optimum is one point, 1/2 (sum of
 * intercepts)^2 is added for many classes; it is zero there, and the optimum is that of the plain objective.
 */
export interface LogisticProblem {
  readonly rows: Rows;
  /** Position of each row's class. */
  readonly classes: Int32Array;
  readonly vectors: number;
  readonly C: number;
  /** s, one a row; 1 where absent. */
  readonly weights?: Float64Array | undefined;
}

/** Objective with its gradient and lower triangle of the Hessian, overwritten at each call. */
export interface Derivatives {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

export const parameterCount = ({ rows, vectors }: LogisticProblem): number => vectors * (rows.width + 1);

export function objective(problem: LogisticProblem, theta: Float64Array): number {
  const { rows, classes, C, weights } = problem;
  const { logits, probabilities } = workspace(problem);
  let loss = 0;
  for (let row = 0; row < rows.count; row++) {
    fillLogits(problem, theta, row, logits);
    loss += (weights?.[row] ?? 1) * crossEntropy(logits, classes[row] as number, probabilities);
  }
  return penalty(problem, theta) + C * loss;
}

/** Fills gradient and Hessian. */
export function differentiate(problem: LogisticProblem, theta: Float64Array, into: Derivatives): void {
  const { rows, classes } = problem;
  const { logits, probabilities } = workspace(problem);
  into.gradient.fill(0);
  into.hessian.fill(0);
  for (let row = 0; row < rows.count; row++) {
    fillLogits(problem, theta, row, logits);
    crossEntropy(logits, classes[row] as number, probabilities);
    addRow(problem, row, probabilities, into);
  }
  addPenalty(problem, theta, into);
}

/** Two classes are a softmax over the logits (0, z). */
const workspace = ({ vectors }: LogisticProblem) => {
  const size = Math.max(2, vectors);
  return { logits: new Float64Array(size), probabilities: new Float64Array(size) };
};

function fillLogits({ rows, vectors }: LogisticProblem, theta: Float64Array, row: number, logits: Float64Array): void {
  const { width, values } = rows;
  const first = logits.length - vectors;
  for (let k = 0, at = 0; k < vectors; k++) {
    let z = theta[at + width] as number;
    for (let column = 0; column < width; column++) {
      z += (theta[at + column] as number) * (values[row * width + column] as number);
    }
    logits[first + k] = z;
    at += width + 1;
  }
}

/** -log softmax(logits)[truth]; leaves the softmax in `probabilities`. */
function crossEntropy(logits: Float64Array, truth: number, probabilities: Float64Array): number {
  const best = softmax(logits, 0, logits.length, probabilities);
  const largest = logits[best] as number;
  let rest = 0;
  for (let k = 0; k < logits.length; k++) if (k !== best) rest += Math.exp((logits[k] as number) - largest);
  return largest + Math.log1p(rest) - (logits[truth] as number);
}

function addRow(problem: LogisticProblem, row: number, probabilities: Float64Array, into: Derivatives): void {
  const { rows, classes, vectors, weights } = problem;
  const C = problem.C * (weights?.[row] ?? 1);
  const { width } = rows;
  const first = probabilities.length - vectors;
  const truth = (classes[row] as number) - first;
  for (let k = 0; k < vectors; k++) {
    const p = probabilities[first + k] as number;
    addGradient(rows, row, C * (p - (k === truth ? 1 : 0)), into.gradient, k * (width + 1));
    for (let l = 0; l <= k; l++) {
      const q = probabilities[first + l] as number;
      addHessian(rows, row, C * (k === l ? p * (1 - p) : -p * q), into.hessian, k, l, vectors * (width + 1));
    }
  }
}

function addGradient({ width, values }: Rows, row: number, weight: number, gradient: Float64Array, at: number): void {
  for (let i = 0; i < width; i++) {
    gradient[at + i] = (gradient[at + i] as number) + weight * (values[row * width + i] as number);
  }
  gradient[at + width] = (gradient[at + width] as number) + weight;
}

function addHessian(
  { width, values }: Rows,
  row: number,
  weight: number,
  hessian: Float64Array,
  k: number,
  l: number,
  size: number,
): void {
  const start = row * width;
  for (let i = 0; i <= width; i++) {
    const left = weight * (i === width ? 1 : (values[start + i] as number));
    const at = (k * (width + 1) + i) * size + l * (width + 1);
    for (let j = 0; j < width; j++)
      hessian[at + j] = (hessian[at + j] as number) + left * (values[start + j] as number);
    hessian[at + width] = (hessian[at + width] as number) + left;
  }
}

const sumOfIntercepts = ({ rows, vectors }: LogisticProblem, theta: Float64Array): number => {
  let sum = 0;
  if (vectors > 1) for (let k = 1; k <= vectors; k++) sum += theta[k * (rows.width + 1) - 1] as number;
  return sum;
};

function penalty(problem: LogisticProblem, theta: Float64Array): number {
  const block = problem.rows.width + 1;
  let squares = sumOfIntercepts(problem, theta) ** 2;
  for (let i = 0; i < theta.length; i++) if ((i + 1) % block !== 0) squares += (theta[i] as number) ** 2;
  return squares / 2;
}

function addPenalty(problem: LogisticProblem, theta: Float64Array, { gradient, hessian }: Derivatives): void {
  const block = problem.rows.width + 1;
  const size = theta.length;
  const shared = sumOfIntercepts(problem, theta);
  for (let i = 0; i < size; i++) {
    const isIntercept = (i + 1) % block === 0;
    gradient[i] = (gradient[i] as number) + (isIntercept ? shared : (theta[i] as number));
    if (!isIntercept) hessian[i * size + i] = (hessian[i * size + i] as number) + 1;
    if (!isIntercept || problem.vectors === 1) continue;
    for (let j = block - 1; j <= i; j += block) hessian[i * size + j] = (hessian[i * size + j] as number) + 1;
  }
}
