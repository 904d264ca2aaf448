import { lassoGap, totalsOf } from './certificate.ts';
import { type Columns, columnCurvature } from './column-curvature.ts';
import {
  type Design,
  type LogisticProblem,
  lossAtLogits,
  moveLogits,
  multiply,
  openDesign,
  sumRows,
} from './design.ts';
import { lassoStep } from './lasso-step.ts';
import type { Minimum } from './newton.ts';

export interface ProximalOptions {
  /** Of the gap, relative to the objective. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** Unknowns of one quadratic model; where more columns have a slope to follow, the steepest go first. */
const MOST_UNKNOWNS = 1_200;

/**
 * Newton's method for the l1 objective: each step goes to the minimum of the quadratic model of the loss plus |w|_1, over the
 * columns in use or with a slope above 1; then backtracking. Yuan, Ho and Lin, "An improved GLMNET for l1-regularized logistic
 * regression", JMLR 13 (2012).
 */
export function proximalNewton(problem: LogisticProblem, { tolerance, maxIterations }: ProximalOptions): Minimum {
  const design = openDesign(problem, 0);
  const totals = totalsOf(design);
  let point = pointAt(design, new Float64Array(design.parameters));
  let gap = lassoGap(design, totals, point);
  let iterations = 0;
  while (iterations < maxIterations && gap > tolerance * Math.max(1, point.objective)) {
    const columns = columnsInUse(design, point, Math.floor(MOST_UNKNOWNS / design.vectors));
    const hessian = columnCurvature(design, columns);
    const next = advance(design, point, stepOf(design, point, columns, hessian));
    if (!next) break;
    iterations++;
    const nextGap = lassoGap(design, totals, next);
    const isStuck = point.objective - next.objective <= slack(point.objective) && nextGap >= gap / 2;
    if (isStuck && nextGap > gap) break;
    point = next;
    gap = nextGap;
    if (isStuck) break;
  }
  return { theta: point.theta, stride: design.stride, objective: point.objective, iterations, gap };
}

interface Point {
  readonly theta: Float64Array;
  readonly loss: number;
  readonly objective: number;
  readonly slopes: Float64Array;
}

/** At the logits of the design. */
function pointAt(design: Design, theta: Float64Array): Point {
  const loss = lossAtLogits(design);
  return { theta, loss, objective: loss + absolute(design, theta), slopes: sumRows(design, 'residuals') };
}

function absolute({ stride, width }: Design, theta: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < theta.length; at++) if (at % stride < width) sum += Math.abs(theta[at] as number);
  return sum;
}

/** The intercept's, those of a coefficient that is not 0, and the steepest of those whose slope is above 1. */
function columnsInUse({ width, stride, vectors }: Design, { theta, slopes }: Point, most: number): Columns {
  const excess = Float64Array.from({ length: width }, (_, column) => {
    let [steepest, used] = [0, false];
    for (let at = column; at < vectors * stride; at += stride) {
      used ||= theta[at] !== 0;
      steepest = Math.max(steepest, Math.abs(slopes[at] as number));
    }
    return used ? Number.POSITIVE_INFINITY : steepest - 1;
  });
  const wanted = Array.from(excess.keys()).filter((column) => (excess[column] as number) > 0);
  wanted.sort((a, b) => (excess[b] as number) - (excess[a] as number) || a - b);
  const chosen = wanted.slice(0, Math.max(1, most - 1)).sort((a, b) => a - b);
  return Int32Array.from([...chosen, width]);
}

/** The step to the minimum of the quadratic model, `[vectors][stride]`. */
function stepOf(
  { width, stride, vectors, parameters }: Design,
  { theta, slopes }: Point,
  columns: Columns,
  hessian: Float64Array,
): Float64Array {
  const size = columns.length;
  const places = Int32Array.from({ length: vectors * size }, (_, i) => {
    return Math.floor(i / size) * stride + (columns[i % size] as number);
  });
  const short = lassoStep({
    hessian,
    slopes: Float64Array.from(places, (at) => slopes[at] as number),
    start: Float64Array.from(places, (at) => theta[at] as number),
    penalties: Float64Array.from(places, (at) => (at % stride < width ? 1 : 0)),
  });
  const step = new Float64Array(parameters);
  for (const [i, at] of places.entries()) step[at] = short[i] as number;
  return step;
}

const slack = (objective: number): number => 1e-13 * Math.max(1, objective);

/** The longest of the steps 1, 1/2, 1/4, ... that lowers the objective enough; undefined where rounding allows none. */
function advance(design: Design, from: Point, step: Float64Array): Point | undefined {
  const { stride, width } = design;
  let promised = 0;
  for (let at = 0; at < step.length; at++) {
    const [move, w] = [step[at] as number, from.theta[at] as number];
    promised += move * (from.slopes[at] as number);
    if (at % stride < width) promised += Math.abs(w + move) - Math.abs(w);
  }
  multiply(design, step, 'moves');
  let before = 0;
  for (let by = 1; by > 1e-10; by /= 2) {
    moveLogits(design, by - before);
    before = by;
    const theta = from.theta.map((w, at) => w + by * (step[at] as number));
    const objective = lossAtLogits(design) + absolute(design, theta);
    if (objective <= from.objective + 0.01 * by * promised + slack(from.objective)) return pointAt(design, theta);
  }
  return undefined;
}
