import type { ValueBytes } from '../../kernels/kernels.ts';
import type { DualOptions, DualProblem, DualSolution } from './dual.ts';
import { narrowed } from './narrow.ts';
import { advance, type Search, searchFrom } from './search.ts';

/** The part of the tolerance that an error of the slopes may take up: of those that are looked at, half of all. */
const SHARE = 0.05;
/** Columns that are further off than this are of no use. */
const COARSEST = 2 ** -12;
/** Slopes that are computed anew to see how far off all of them are. */
const PROBES = 64;
/** Iterations between two looks at what may be left out, or as many as there are variables. */
const PERIOD = 1_000;
/**
 * To leave variables out and to take them up again costs some columns of each support vector, which is worth so many
 * iterations. They must have been made before, since as many are to be expected yet.
 */
const COST = 10;
/** A search that leaves variables out comes so close to the tolerance at first: they may have to move after all. */
const NEAR = 10;

/** Variables, and their slopes in double. */
interface Known {
  readonly alpha: Float64Array;
  readonly slopes: Float64Array;
  /** When this was. */
  readonly iterations: number;
}

/**
 * Sequential minimal optimisation. Columns of the matrix are float32: half the memory of double, and twice the speed. Where
 * their rounding could be felt, the search goes on from its end in double. Where it pays, variables that are stuck at their
 * bounds are left out for a while; every search ends among all of them.
 */
export function solveDual(
  problem: DualProblem,
  { tolerance, maxIterations, shrink = true }: DualOptions,
): DualSolution {
  const { matrix, y, p, upper } = problem;
  const rows = matrix.segments.map(({ indices }) => indices);
  const alpha = new Float64Array(y.length);
  let known: Known = { alpha: alpha.slice(), slopes: p.map((value, t) => value * (y[t] as number)), iterations: 0 };
  let size: ValueBytes = matrix.rounding < COARSEST ? 4 : 8;
  let search = searchFrom(problem, alpha, known.slopes, size);
  let kept: Int32Array | undefined;
  let [iterations, converged, goal] = [0, false, NEAR * tolerance];
  const period = Math.min(PERIOD, y.length);

  const writeBack = (): void => {
    for (const [i, t] of (kept ?? []).entries()) alpha[t] = search.alpha[i] as number;
  };
  const leaveOut = (): void => {
    if (!kept && iterations - known.iterations < COST * supportOf(alpha)) return;
    const some = narrowed(search, size);
    if (!some) return;
    writeBack();
    search = some.search;
    kept = kept ? some.kept.map((t) => (kept as Int32Array)[t] as number) : some.kept;
  };
  const takeUp = (): void => {
    writeBack();
    if (kept) matrix.hold(rows);
    kept = undefined;
    const slopes = slopesAt(searchFrom(problem, alpha, known.slopes, size), known);
    known = { alpha: alpha.slice(), slopes, iterations };
    search = searchFrom(problem, alpha, slopes, size);
  };

  while (!converged && iterations < maxIterations) {
    if (advance(search, kept ? goal : tolerance)) {
      iterations += 1;
      if (shrink && iterations % period === 0) leaveOut();
    } else if (kept) {
      takeUp();
      goal = tolerance;
    } else {
      converged = size === 8 || isExact(search, known, SHARE * tolerance);
      if (!converged) {
        size = 8;
        takeUp();
      }
    }
  }
  if (kept || !(converged || size === 8 || isExact(search, known, SHARE * tolerance))) takeUp();
  const slopes = search.set.slopes();
  const objective = objectiveOf(y, p, alpha, slopes);
  return { alpha, slopes, rho: offset(y, alpha, upper, slopes), objective, iterations, converged };
}

const supportOf = (alpha: Float64Array): number => alpha.reduce((count, value) => (value > 0 ? count + 1 : count), 0);

/** What to add to the known slopes for what has changed since: y_t (a_t - known a_t), one a variable. */
const changes = ({ variables: { y }, alpha }: Search, known: Known): Float64Array =>
  alpha.map((value, t) => (y[t] as number) * (value - (known.alpha[t] as number)));

function slopesAt(search: Search, known: Known): Float64Array {
  const { set } = search;
  for (const [t, change] of changes(search, known).entries()) if (change !== 0) set.add(t, change);
  return set.slopes();
}

/** Whether the slopes of a search by float32 are good enough: by what is known of rounding, or else by some of them. */
function isExact(search: Search, known: Known, error: number): boolean {
  const { variables, set } = search;
  const { matrix, y } = variables;
  const weights = changes(search, known);
  const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  if (matrix.rounding * matrix.unit * length <= error) return true;
  const stride = Math.ceil(y.length / PROBES);
  for (let t = 0; t < y.length; t += stride) {
    const slope = (known.slopes[t] as number) + set.sumOf(t, weights);
    if (!(Math.abs(slope - set.slopeOf(t)) <= error)) return false;
  }
  return true;
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
