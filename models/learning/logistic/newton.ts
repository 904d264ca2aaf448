import { ridgeGap, totalsOf } from './certificate.ts';
import { iteratedCurvature } from './conjugate-gradients.ts';
import { type Curvature, denseCurvature, unknownsOf } from './curvature.ts';
import {
  type Design,
  type LogisticProblem,
  lossAtLogits,
  moveLogits,
  multiply,
  openDesign,
  seen,
  sumRows,
} from './design.ts';
import { refuseSeparated } from './separation.ts';

export interface NewtonOptions {
  /** Weight of |w|^2 / 2: 1, or 0 for no penalty. */
  readonly ridge: 0 | 1;
  /** Of the gap, relative to the objective. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface Minimum {
  /** `[vectors][stride]` */
  readonly theta: Float64Array;
  readonly stride: number;
  readonly objective: number;
  readonly iterations: number;
  /** The optimum is no further away; without a penalty, where no dual tells, the squared Newton decrement. */
  readonly gap: number;
}

/** Beyond, a system of equations takes longer than conjugate gradients. */
const MOST_UNKNOWNS = 1_200;

/**
 * Newton's method with backtracking for the l2 objective, or for the loss alone. Few unknowns are solved for at once, and one
 * Hessian serves as long as its steps do well; many by conjugate gradients. Boyd and Vandenberghe, "Convex Optimization",
 * section 9.5; Lin, Weng and Keerthi, JMLR 9 (2008).
 * @throws TrainingRefused where there is no penalty and the classes are separable
 */
export function newton(problem: LogisticProblem, options: NewtonOptions): Minimum {
  const unknowns = unknownsOf(problem.rows.width, problem.classCount);
  const dense = unknowns <= MOST_UNKNOWNS;
  const start = problem.rows.count >= AMPLE * unknowns ? startOf(problem, options, unknowns) : undefined;
  return descend(openDesign(problem, dense ? unknowns : 0), dense, start, options);
}

/** Rows an unknown from which a part of the rows tells well enough where to begin. */
const AMPLE = 80;
const PART = 8;

/** Undefined where a class has no row in the part. */
function startOf(problem: LogisticProblem, options: NewtonOptions, unknowns: number): Float64Array | undefined {
  const design = openDesign(problem, unknowns, PART);
  if (new Set(seen(design, 'classes', design.held)).size < problem.classCount) return undefined;
  // What a part of the rows does not know of the others is larger than this.
  return descend(design, true, undefined, { ...options, ridge: 1, tolerance: 1e-3, maxIterations: 8 }).theta;
}

interface Point {
  readonly theta: Float64Array;
  readonly loss: number;
  readonly objective: number;
  /** Of the loss. */
  readonly slopes: Float64Array;
}

function descend(
  design: Design,
  dense: boolean,
  start: Float64Array = new Float64Array(design.parameters),
  { ridge, tolerance, maxIterations }: NewtonOptions,
): Minimum {
  const totals = ridge === 1 ? totalsOf(design) : undefined;
  const gapOf = (point: Point, decrement: number): number => (totals ? ridgeGap(design, totals, point) : decrement);
  multiply(design, start, 'logits');
  let point = pointAt(design, start, ridge);
  let curvature: Curvature | undefined;
  let [decrement, gap] = [Number.POSITIVE_INFINITY, gapOf(point, Number.POSITIVE_INFINITY)];
  let iterations = 0;
  const steepest = length(totalSlopes(design, point, ridge));
  while (iterations < maxIterations && gap > tolerance * Math.max(1, point.objective)) {
    const slopes = totalSlopes(design, point, ridge);
    let step = dense ? curvature?.step(slopes) : undefined;
    if (!step || !(decrementOf(step, slopes) <= SERVES * decrement)) {
      const precision = Math.min(0.1, Math.sqrt(length(slopes) / steepest));
      curvature = dense ? denseCurvature(design, ridge) : iteratedCurvature(design, ridge, precision);
      step = curvature?.step(slopes);
    }
    if (!step) break;
    decrement = decrementOf(step, slopes);
    const next = advance(design, point, step, decrement, ridge);
    if (ridge === 0) refuseSeparated(design);
    if (!next) break;
    iterations++;
    const nextGap = gapOf(next, decrement);
    // Where the slopes are rounding, further steps only shake the parameters.
    const isStuck = decrement <= ROUNDING * Math.max(1, point.objective) && nextGap >= gap / 2;
    if (isStuck && nextGap > gap) break;
    point = next;
    gap = nextGap;
    if (isStuck) break;
  }
  const end =
    dense && curvature && tolerance < PRECISE ? polish(design, point, gap, curvature, ridge, gapOf) : { point, gap };
  const { theta, objective } = end.point;
  return { theta, stride: design.stride, objective, iterations, gap: end.gap };
}

/** Of the decrement before: how much a step of an older Hessian must leave at most for the Hessian to be kept. */
const SERVES = 0.03;
/** Who asks for less than this is not given more. */
const PRECISE = 1e-9;
const ROUNDING = 1e-13;

function pointAt(design: Design, theta: Float64Array, ridge: number): Point {
  const loss = lossAtLogits(design);
  return { theta, loss, objective: loss + penalty(design, theta, ridge), slopes: sumRows(design, 'residuals') };
}

function penalty({ width, stride }: Design, theta: Float64Array, ridge: number): number {
  let squares = 0;
  if (ridge > 0)
    for (let at = 0; at < theta.length; at++) if (at % stride < width) squares += (theta[at] as number) ** 2;
  return (ridge * squares) / 2;
}

const totalSlopes = ({ width, stride }: Design, { theta, slopes }: Point, ridge: number): Float64Array =>
  slopes.map((slope, at) => (at % stride < width ? slope + ridge * (theta[at] as number) : slope));

const decrementOf = (step: Float64Array, slopes: Float64Array): number =>
  -step.reduce((sum, move, at) => sum + move * (slopes[at] as number), 0);

const length = (slopes: Float64Array): number => Math.sqrt(slopes.reduce((sum, slope) => sum + slope * slope, 0));

const moved = (theta: Float64Array, step: Float64Array, by: number): Float64Array =>
  theta.map((parameter, at) => parameter + by * (step[at] as number));

/** What rounding may add to an objective of this size. */
const slack = (objective: number): number => 1e-13 * Math.max(1, Math.abs(objective));

/** The longest of the steps 1, 1/2, 1/4, ... that lowers the objective enough; undefined where rounding allows none. */
function advance(design: Design, from: Point, step: Float64Array, decrement: number, ridge: number): Point | undefined {
  multiply(design, step, 'moves');
  let before = 0;
  for (let by = 1; by > 1e-10; by /= 2) {
    moveLogits(design, by - before);
    before = by;
    const theta = moved(from.theta, step, by);
    const loss = lossAtLogits(design);
    const objective = loss + penalty(design, theta, ridge);
    if (objective <= from.objective - 0.1 * by * decrement + slack(from.objective)) {
      return { theta, loss, objective, slopes: sumRows(design, 'residuals') };
    }
  }
  return undefined;
}

/** So close to the optimum a step more doubles the digits of the parameters, though the objective no longer shows it. */
function polish(
  design: Design,
  from: Point,
  fromGap: number,
  curvature: Curvature,
  ridge: number,
  gapOf: (point: Point, decrement: number) => number,
): { point: Point; gap: number } {
  let [point, gap] = [from, fromGap];
  for (let i = 0; i < 2; i++) {
    const slopes = totalSlopes(design, point, ridge);
    const step = curvature.step(slopes);
    const decrement = decrementOf(step, slopes);
    if (!(decrement <= 1e-6 * Math.max(1, point.objective))) break;
    multiply(design, step, 'moves');
    moveLogits(design, 1);
    const next = pointAt(design, moved(point.theta, step, 1), ridge);
    const nextGap = gapOf(next, decrement);
    if (!(nextGap < gap)) break;
    const isLittle = nextGap > gap / 10;
    point = next;
    gap = nextGap;
    if (isLittle) break;
  }
  return { point, gap };
}
