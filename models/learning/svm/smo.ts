import type { KernelColumns } from './kernel-columns.ts';

/**
 * min 1/2 a' Q a + p' a, 0 <= a_t <= upper_t, y' a = 0, with Q_ts = y_t y_s k(t, s). Variable t belongs to kernel row
 * t modulo the number of rows: regression has two a row.
 */
export interface DualProblem {
  readonly kernel: KernelColumns;
  /** +1 or -1. */
  readonly y: Int8Array;
  readonly p: Float64Array;
  readonly upper: Float64Array;
}

export interface DualOptions {
  /** Of the violation of the optimality conditions, in units of the decision function. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface DualSolution {
  readonly alpha: Float64Array;
  /** y_t (Q a + p)_t. */
  readonly slopes: Float64Array;
  readonly rho: number;
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** In place of a curvature that is not positive. */
const TINY = 1e-12;

/**
 * Sequential minimal optimisation with working sets by second order information: Fan, Chen and Lin, JMLR 6 (2005),
 * algorithm 2. In terms of slopes F_t = y_t (Q a + p)_t a step of length d along y_i, -y_j adds d (k_ti - k_tj) to every
 * F_t, whatever the signs.
 */
export function solveDual(
  { kernel, y, p, upper }: DualProblem,
  { tolerance, maxIterations }: DualOptions,
): DualSolution {
  const n = y.length;
  const { diagonal } = kernel;
  const rows = diagonal.length;
  const alpha = new Float64Array(n);
  const slopes = Float64Array.from(p, (value, t) => (y[t] as number) * value);
  let [iterations, converged] = [0, false];
  while (iterations < maxIterations) {
    const i = steepest(y, alpha, upper, slopes);
    if (i === -1) {
      converged = true;
      break;
    }
    const left = kernel.column(i % rows);
    const j = partner(i, left, { y, alpha, upper, slopes, diagonal, tolerance });
    if (j === -1) {
      converged = true;
      break;
    }
    iterations += 1;
    const right = kernel.column(j % rows);
    const curvature = (diagonal[i % rows] as number) + (diagonal[j % rows] as number) - 2 * (left[j % rows] as number);
    const wish = ((slopes[j] as number) - (slopes[i] as number)) / (curvature > 0 ? curvature : TINY);
    const step = Math.min(wish, room(i, 1, y, alpha, upper), room(j, -1, y, alpha, upper));
    move(i, step, y, alpha, upper);
    move(j, -step, y, alpha, upper);
    descend(slopes, left, right, step, rows);
  }
  return {
    alpha,
    slopes,
    rho: offset(y, alpha, upper, slopes),
    objective: objectiveOf(y, p, alpha, slopes),
    iterations,
    converged,
  };
}

/** How far alpha_t may go along direction * y_t. */
function room(t: number, direction: 1 | -1, y: Int8Array, alpha: Float64Array, upper: Float64Array): number {
  return direction * (y[t] as number) > 0 ? (upper[t] as number) - (alpha[t] as number) : (alpha[t] as number);
}

/** Lands on a bound exactly where it comes within rounding of it: bounds tell support vectors apart. */
function move(t: number, step: number, y: Int8Array, alpha: Float64Array, upper: Float64Array): void {
  const bound = upper[t] as number;
  const next = (alpha[t] as number) + (y[t] as number) * step;
  const slack = bound * Number.EPSILON * 4;
  alpha[t] = next <= slack ? 0 : next >= bound - slack ? bound : next;
}

function descend(slopes: Float64Array, left: Float64Array, right: Float64Array, step: number, rows: number): void {
  for (let start = 0; start < slopes.length; start += rows) {
    for (let t = 0; t < rows; t++) {
      slopes[start + t] = (slopes[start + t] as number) + step * ((left[t] as number) - (right[t] as number));
    }
  }
}

/** Of the variables that can go up along y, the one with the lowest slope; -1 where none can. */
function steepest(y: Int8Array, alpha: Float64Array, upper: Float64Array, slopes: Float64Array): number {
  let [best, lowest] = [-1, Number.POSITIVE_INFINITY];
  for (let t = 0; t < y.length; t++) {
    const slope = slopes[t] as number;
    if (slope >= lowest) continue;
    if ((y[t] as number) > 0 ? (alpha[t] as number) < (upper[t] as number) : (alpha[t] as number) > 0) {
      lowest = slope;
      best = t;
    }
  }
  return best;
}

interface Surroundings {
  readonly y: Int8Array;
  readonly alpha: Float64Array;
  readonly upper: Float64Array;
  readonly slopes: Float64Array;
  readonly diagonal: Float64Array;
  readonly tolerance: number;
}

/** Of the variables that can go down along y, the one with which the objective falls most; -1 at the optimum. */
function partner(
  i: number,
  left: Float64Array,
  { y, alpha, upper, slopes, diagonal, tolerance }: Surroundings,
): number {
  const rows = diagonal.length;
  const lowest = slopes[i] as number;
  const own = diagonal[i % rows] as number;
  let [best, greatest, highest] = [-1, 0, Number.NEGATIVE_INFINITY];
  for (let start = 0; start < y.length; start += rows) {
    for (let row = 0; row < rows; row++) {
      const t = start + row;
      if ((y[t] as number) > 0 ? (alpha[t] as number) <= 0 : (alpha[t] as number) >= (upper[t] as number)) continue;
      const slope = slopes[t] as number;
      if (slope > highest) highest = slope;
      const violation = slope - lowest;
      if (violation <= 0) continue;
      const curvature = own + (diagonal[row] as number) - 2 * (left[row] as number);
      const gain = (violation * violation) / (curvature > 0 ? curvature : TINY);
      if (gain > greatest) {
        greatest = gain;
        best = t;
      }
    }
  }
  return highest - lowest < tolerance ? -1 : best;
}

/** The mean slope of what lies between its bounds, or the middle of what the bounds allow. */
function offset(y: Int8Array, alpha: Float64Array, upper: Float64Array, slopes: Float64Array): number {
  let [sum, free, low, high] = [0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let t = 0; t < y.length; t++) {
    const [value, slope] = [alpha[t] as number, slopes[t] as number];
    if (value > 0 && value < (upper[t] as number)) {
      sum += slope;
      free += 1;
    } else if (value > 0 === (y[t] as number) > 0) low = Math.max(low, slope);
    else high = Math.min(high, slope);
  }
  return free > 0 ? sum / free : (low + high) / 2;
}

function objectiveOf(y: Int8Array, p: Float64Array, alpha: Float64Array, slopes: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < y.length; t++) {
    sum += (alpha[t] as number) * ((y[t] as number) * (slopes[t] as number) + (p[t] as number));
  }
  return sum / 2;
}
