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

/** Rows at a time: each entry of the Hessian is then read and written once for four products. */
const BLOCK = 4;

/** Fills gradient and Hessian. */
export function differentiate(problem: LogisticProblem, theta: Float64Array, into: Derivatives): void {
  const { rows } = problem;
  const block = blockOf(problem);
  into.gradient.fill(0);
  into.hessian.fill(0);
  for (let start = 0; start < rows.count; start += BLOCK) {
    fillBlock(problem, theta, start, block);
    addBlock(problem, block, into);
  }
  addPenalty(problem, theta, into);
}

/** Four rows with a 1 for the intercept, their class probabilities, and how much each counts. Rows past the end count 0. */
interface Block {
  readonly values: Float64Array;
  /** `[vectors][BLOCK]` */
  readonly probabilities: Float64Array;
  /** Probability less truth, `[vectors][BLOCK]`. */
  readonly residuals: Float64Array;
  readonly counts: Float64Array;
  readonly scratch: ReturnType<typeof workspace>;
}

const blockOf = (problem: LogisticProblem): Block => ({
  values: new Float64Array(BLOCK * (problem.rows.width + 1)),
  probabilities: new Float64Array(BLOCK * problem.vectors),
  residuals: new Float64Array(BLOCK * problem.vectors),
  counts: new Float64Array(BLOCK),
  scratch: workspace(problem),
});

function fillBlock(problem: LogisticProblem, theta: Float64Array, start: number, block: Block): void {
  const { rows, classes, vectors, C, weights } = problem;
  const { width, values } = rows;
  const { logits, probabilities } = block.scratch;
  const first = probabilities.length - vectors;
  for (let r = 0; r < BLOCK; r++) {
    const row = start + r;
    if (row >= rows.count) {
      block.counts[r] = 0;
      continue;
    }
    block.counts[r] = C * (weights?.[row] ?? 1);
    block.values.set(values.subarray(row * width, (row + 1) * width), r * (width + 1));
    block.values[r * (width + 1) + width] = 1;
    fillLogits(problem, theta, row, logits);
    crossEntropy(logits, classes[row] as number, probabilities);
    for (let k = 0; k < vectors; k++) {
      const p = probabilities[first + k] as number;
      block.probabilities[k * BLOCK + r] = p;
      block.residuals[k * BLOCK + r] = p - (first + k === classes[row] ? 1 : 0);
    }
  }
}

function addBlock({ rows, vectors }: LogisticProblem, block: Block, { gradient, hessian }: Derivatives): void {
  const size = rows.width + 1;
  const { probabilities: p, residuals, counts } = block;
  const weigh = new Float64Array(BLOCK);
  for (let k = 0; k < vectors; k++) {
    for (let r = 0; r < BLOCK; r++) weigh[r] = (counts[r] as number) * (residuals[k * BLOCK + r] as number);
    addWeighted(block.values, weigh, size, gradient, k * size);
    for (let l = 0; l <= k; l++) {
      for (let r = 0; r < BLOCK; r++) {
        const own = p[k * BLOCK + r] as number;
        const other = k === l ? 1 - own : -(p[l * BLOCK + r] as number);
        weigh[r] = (counts[r] as number) * own * other;
      }
      addProducts(block.values, weigh, size, hessian, k * size * vectors * size + l * size, vectors * size);
    }
  }
}

/** gradient[at + i] += sum over rows of weight x_i. */
function addWeighted(
  values: Float64Array,
  weigh: Float64Array,
  size: number,
  gradient: Float64Array,
  at: number,
): void {
  const [a, b, c, d] = weigh as unknown as [number, number, number, number];
  for (let i = 0; i < size; i++) {
    gradient[at + i] =
      (gradient[at + i] as number) +
      a * (values[i] as number) +
      b * (values[size + i] as number) +
      c * (values[2 * size + i] as number) +
      d * (values[3 * size + i] as number);
  }
}

/** hessian[at + i stride + j] += sum over rows of weight x_i x_j. */
function addProducts(
  values: Float64Array,
  weigh: Float64Array,
  size: number,
  hessian: Float64Array,
  at: number,
  stride: number,
): void {
  for (let i = 0; i < size; i++) {
    const a = (weigh[0] as number) * (values[i] as number);
    const b = (weigh[1] as number) * (values[size + i] as number);
    const c = (weigh[2] as number) * (values[2 * size + i] as number);
    const d = (weigh[3] as number) * (values[3 * size + i] as number);
    if (a === 0 && b === 0 && c === 0 && d === 0) continue;
    const line = at + i * stride;
    for (let j = 0; j < size; j++) {
      hessian[line + j] =
        (hessian[line + j] as number) +
        a * (values[j] as number) +
        b * (values[size + j] as number) +
        c * (values[2 * size + j] as number) +
        d * (values[3 * size + j] as number);
    }
  }
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
