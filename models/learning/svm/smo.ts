import type { DualOptions, DualProblem, DualSolution } from './dual.ts';
import { type Found, type WorkingSet, workingSet } from './working-set.ts';

/** In place of a curvature that is not positive. */
const TINY = 1e-12;
/** Rounding of float32, and the part of the tolerance that its effect on a slope may take up. */
const [ROUNDING, SHARE] = [2 ** -24, 0.05];

/**
 * Sequential minimal optimisation with working sets by second order information: Fan, Chen and Lin, JMLR 6 (2005),
 * algorithm 2. In terms of slopes F_t = y_t (Q a + p)_t a step of length d along y_i, -y_j adds d (k_ti - k_tj) to every
 * F_t, whatever the signs. The matrix is kept in float32, which is half the memory. Where its rounding could be felt, the
 * search goes on from its end in double.
 */
export function solveDual(problem: DualProblem, { tolerance, maxIterations }: DualOptions): DualSolution {
  const { matrix, y, p, upper } = problem;
  const set = workingSet(problem);
  const alpha = new Float64Array(y.length);
  for (let t = 0; t < y.length; t++) set.bound(t, 0);
  set.sumUp(alpha);
  let [iterations, converged, isExact] = [0, false, false];
  let steepest = set.steepest();
  while (iterations < maxIterations) {
    const next = step(problem, alpha, set, steepest, tolerance);
    if (next) {
      steepest = next;
      iterations += 1;
      continue;
    }
    converged = isExact || ROUNDING * matrix.unit * lengthOf(alpha) <= SHARE * tolerance;
    if (converged) break;
    set.keepIn(8);
    set.sumUp(alpha);
    steepest = set.steepest();
    isExact = true;
  }
  const slopes = set.slopes();
  return {
    alpha,
    slopes,
    rho: offset(y, alpha, upper, slopes),
    objective: objectiveOf(y, p, alpha, slopes),
    iterations,
    converged,
  };
}

const lengthOf = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** Moves two variables, and finds the first of the next two; nothing where the optimality conditions hold. */
function step(
  { matrix: { unit }, y, upper }: DualProblem,
  alpha: Float64Array,
  set: WorkingSet,
  { variable: i, value: lowest }: Found,
  tolerance: number,
): Found | undefined {
  if (i === -1) return undefined;
  const left = set.column(i);
  const { variable: j, value: highest } = set.partner(i, left);
  if (j === -1 || highest - lowest < tolerance) return undefined;
  const right = set.column(j);
  const curvature = unit * (set.diagonalOf(i) + set.diagonalOf(j) - 2 * set.valueAt(left, j));
  const wish = (set.slopeOf(j) - lowest) / (curvature > 0 ? curvature : TINY);
  const length = Math.min(wish, room(i, 1, y, alpha, upper), room(j, -1, y, alpha, upper));
  move(i, length, y, alpha, upper);
  move(j, -length, y, alpha, upper);
  set.bound(i, alpha[i] as number);
  set.bound(j, alpha[j] as number);
  return set.descend(left, right, length);
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

/** The mean slope of what lies between its bounds, or the middle of what the bounds allow. */
function offset(y: Int8Array, alpha: Float64Array, upper: Float64Array, slopes: Float64Array): number {
  let [sum, free, low, high] = [0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let t = 0; t < y.length; t++) {
    if (upper[t] === 0) continue;
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
