import { solveCholesky } from '../cholesky.ts';

/** slopes . d + d' H d / 2 + sum penalty_i |start_i + d_i|, to be minimised over d. */
export interface LassoModel {
  /** H, `[n][n]`, symmetric and without negative curvature. */
  readonly hessian: Float64Array;
  readonly slopes: Float64Array;
  readonly start: Float64Array;
  /** >= 0 each. */
  readonly penalties: Float64Array;
}

const SWEEPS = 2_000;
/** Sweeps between two attempts to solve at once for what is not zero. */
const BETWEEN = 10;
/** Of the slopes, relative to the steepest at the start. */
const PRECISION = 1e-12;
/** Added to the diagonal, relative to it: equal columns, and intercepts of softmax, have a direction without curvature. */
const STEADY = 1e-12;

/**
 * Coordinate descent with the slopes kept up to date; now and then the variables that are not zero are solved for together,
 * which ends the descent where their signs hold. @returns d
 */
export function lassoStep(model: LassoModel): Float64Array {
  const { hessian, slopes, start, penalties } = model;
  const n = slopes.length;
  let state: State = { w: start.slice(), slopes: slopes.slice() };
  const diagonal = Float64Array.from({ length: n }, (_, i) => (hessian[i * (n + 1)] as number) * (1 + STEADY));
  const enough = PRECISION * Math.max(...slopes.map(Math.abs), 1);
  for (let sweep = 1; sweep <= SWEEPS; sweep++) {
    const widest = descend(state, hessian, diagonal, penalties);
    if (widest <= enough) break;
    if (sweep % BETWEEN !== 0) continue;
    const solved = solveSupport(state, hessian, diagonal, penalties);
    if (solved === undefined) continue;
    state = solved;
    if (violation(state, penalties) <= enough) break;
  }
  return state.w.map((w, i) => w - (start[i] as number));
}

interface State {
  readonly w: Float64Array;
  /** Of the quadratic part at w. */
  readonly slopes: Float64Array;
}

/** One sweep. @returns the greatest change of a slope that a coordinate made of its own */
function descend({ w, slopes }: State, hessian: Float64Array, diagonal: Float64Array, penalties: Float64Array): number {
  const n = w.length;
  let widest = 0;
  for (let i = 0; i < n; i++) {
    const curvature = diagonal[i] as number;
    if (!(curvature > 0)) continue;
    const before = w[i] as number;
    const pull = curvature * before - (slopes[i] as number);
    const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - (penalties[i] as number))) / curvature;
    const move = after - before;
    if (move === 0) continue;
    w[i] = after;
    for (let j = 0, at = i * n; j < n; j++, at++) slopes[j] = (slopes[j] as number) + move * (hessian[at] as number);
    widest = Math.max(widest, Math.abs(move) * curvature);
  }
  return widest;
}

/** The minimum over the variables that are not zero, signs as they are; undefined where a sign would turn. */
function solveSupport(
  { w, slopes }: State,
  hessian: Float64Array,
  diagonal: Float64Array,
  penalties: Float64Array,
): State | undefined {
  const n = w.length;
  const support = Array.from(w.keys()).filter((i) => (w[i] !== 0 || penalties[i] === 0) && (diagonal[i] as number) > 0);
  const size = support.length;
  const A = new Float64Array(size * size);
  const b = new Float64Array(size);
  for (const [a, i] of support.entries()) {
    for (let c = 0; c < a; c++) A[a * size + c] = hessian[i * n + (support[c] as number)] as number;
    A[a * (size + 1)] = diagonal[i] as number;
    b[a] = -(slopes[i] as number) - (penalties[i] as number) * Math.sign(w[i] as number);
  }
  if (!solveCholesky(A, b)) return undefined;
  const next = { w: w.slice(), slopes: slopes.slice() };
  for (const [a, i] of support.entries()) {
    const [before, move] = [w[i] as number, b[a] as number];
    if (penalties[i] !== 0 && Math.sign(before + move) !== Math.sign(before)) return undefined;
    next.w[i] = before + move;
    for (let j = 0, at = i * n; j < n; j++, at++) {
      next.slopes[j] = (next.slopes[j] as number) + move * (hessian[at] as number);
    }
  }
  return next;
}

/** How far the slopes are from those of an optimum: the subgradient of the least norm. */
function violation({ w, slopes }: State, penalties: Float64Array): number {
  let most = 0;
  for (let i = 0; i < w.length; i++) {
    const [slope, penalty] = [slopes[i] as number, penalties[i] as number];
    const own =
      w[i] === 0 ? Math.max(0, Math.abs(slope) - penalty) : Math.abs(slope + penalty * Math.sign(w[i] as number));
    most = Math.max(most, own);
  }
  return most;
}
