import type { ValueBytes } from '../../kernels/kernels.ts';
import type { Variables } from './dual.ts';
import { type Column, type Found, type WorkingSet, workingSet } from './working-set.ts';

/** In place of a curvature that is not positive. */
const TINY = 1e-12;

/** Where a search among variables stands. */
export interface Search {
  readonly variables: Variables;
  readonly set: WorkingSet;
  readonly alpha: Float64Array;
  /** The variable that moves next. */
  steepest: Found;
  /** Where the columns of the two that move are noted. */
  readonly left: Column;
  readonly right: Column;
}

/**
 * A search from `alpha`, which it moves, with the slopes F_t = y_t (Q a + p)_t there, by columns of float32 or double. It has
 * the matrix to itself until the next begins.
 */
export function searchFrom(variables: Variables, alpha: Float64Array, slopes: Float64Array, size: ValueBytes): Search {
  const set = workingSet(variables, size);
  set.put(slopes);
  for (let t = 0; t < alpha.length; t++) set.bound(t, alpha[t] as number);
  return { variables, set, alpha, steepest: set.steepest(), left: [], right: [] };
}

/**
 * Moves two variables, chosen by second order information (Fan, Chen and Lin, JMLR 6 (2005), algorithm 2), and finds the
 * first of the next two. A step of length d along y_i, -y_j adds d (k_ti - k_tj) to every F_t, whatever the signs.
 * @returns false, and moves nothing, where the optimality conditions hold
 */
export function advance(search: Search, tolerance: number): boolean {
  const { variables, set, alpha, steepest } = search;
  const { matrix, y, upper } = variables;
  const { variable: i, value: lowest } = steepest;
  if (i === -1) return false;
  const left = set.column(i, search.left);
  const { variable: j, value: highest } = set.partner(i, left);
  if (j === -1 || highest - lowest < tolerance) return false;
  const right = set.column(j, search.right);
  const curvature = matrix.unit * (set.diagonalOf(i) + set.diagonalOf(j) - 2 * set.valueAt(left, j));
  const wish = (set.slopeOf(j) - lowest) / (curvature > 0 ? curvature : TINY);
  const length = Math.min(wish, room(i, 1, y, alpha, upper), room(j, -1, y, alpha, upper));
  move(i, length, y, alpha, upper);
  move(j, -length, y, alpha, upper);
  set.bound(i, alpha[i] as number);
  set.bound(j, alpha[j] as number);
  search.steepest = set.descend(left, right, length);
  return true;
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
