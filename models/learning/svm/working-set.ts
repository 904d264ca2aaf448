import type { ValueBytes } from '../../kernels/kernels.ts';
import type { Variables } from './dual.ts';
import { type Part, partsOf } from './parts.ts';

/** A variable, -1 where there is none, and what was found with it. */
export interface Found {
  readonly variable: number;
  readonly value: number;
}

/** The kernel of one variable with those of each part: addresses. */
export type Column = number[];

/** Slopes F_t = y_t (Q a + p)_t, and which of the variables may go where: what the choice of two of them looks at. */
export interface WorkingSet {
  slopes(): Float64Array;
  slopeOf(variable: number): number;
  column(variable: number, into: Column): Column;
  /** k(one variable, another) / unit, out of the column of the one. */
  valueAt(column: Column, variable: number): number;
  /** k(variable, variable) / unit. */
  diagonalOf(variable: number): number;
  /** Notes at which of its bounds a variable is. */
  bound(variable: number, alpha: number): void;
  /** Of the variables that can go up along y, the one with the lowest slope, `value`. */
  steepest(): Found;
  /** Adds step * (left - right) to every slope; then as `steepest`. */
  descend(left: Column, right: Column, step: number): Found;
  /** Of the variables that can go down along y, the one with which the objective falls most; `value` is the highest slope. */
  partner(variable: number, left: Column): Found;
  /** The sum of weights, one a variable, times the kernel of a variable with each, in double. */
  sumOf(variable: number, weights: Float64Array): number;
  /** Adds a weight times the kernel of a variable with each to every slope, in double. */
  add(variable: number, weight: number): void;
  /** The slopes are these. */
  put(slopes: Float64Array): void;
}

/** @param size of the values of columns, which are float32 or double */
export function workingSet(variables: Variables, size: ValueBytes): WorkingSet {
  const { matrix, y, upper } = variables;
  const { kernels, at, unit } = matrix;
  const parts = partsOf(variables);
  const { partOf, placeOf, rowOf } = whereabouts(parts, y.length);
  const places = parts.reduce((sum, { padded }) => sum + padded, 0);
  const doubles = (address: number, length: number): Float64Array => new Float64Array(kernels.memory, address, length);
  const [slopes, up, down] = [doubles(at.slopes, places), doubles(at.up, places), doubles(at.down, places)];
  // What fills up a block can go nowhere.
  slopes.fill(0);
  up.fill(Number.POSITIVE_INFINITY);
  down.fill(Number.NEGATIVE_INFINITY);
  const diagonal = doubles(at.diagonal, matrix.rows);
  const values = size === 8 ? new Float64Array(kernels.memory) : new Float32Array(kernels.memory);
  matrix.keepIn(size);
  const result = doubles(at.result, 3);

  return {
    slopes() {
      const all = new Float64Array(y.length);
      for (const { variable, place, count } of parts) all.set(slopes.subarray(place, place + count), variable);
      return all;
    },
    slopeOf: (t) => slopes[placeOf[t] as number] as number,
    column(t, into) {
      const row = rowOf[t] as number;
      for (let k = 0; k < parts.length; k++) into[k] = matrix.between(row, (parts[k] as Part).segment);
      return into;
    },
    valueAt(column, t) {
      const k = partOf[t] as number;
      const { first } = parts[k] as Part;
      return values[(column[k] as number) / size + (rowOf[t] as number) - first] as number;
    },
    diagonalOf: (t) => diagonal[rowOf[t] as number] as number,
    bound(t, alpha) {
      const [isLeast, isMost] = [alpha <= 0, alpha >= (upper[t] as number)];
      const isPositive = (y[t] as number) > 0;
      up[placeOf[t] as number] = (isPositive ? isMost : isLeast) ? Number.POSITIVE_INFINITY : 0;
      down[placeOf[t] as number] = (isPositive ? isLeast : isMost) ? Number.NEGATIVE_INFINITY : 0;
    },
    steepest() {
      let [variable, value] = [-1, Number.POSITIVE_INFINITY];
      for (let t = 0; t < y.length; t++) {
        const slope = (slopes[placeOf[t] as number] as number) + (up[placeOf[t] as number] as number);
        if (slope < value) [variable, value] = [t, slope];
      }
      return { variable, value };
    },
    descend(left, right, step) {
      let [variable, value] = [-1, Number.POSITIVE_INFINITY];
      for (let k = 0; k < parts.length; k++) {
        const { place, padded, variable: first } = parts[k] as Part;
        const [from, barrier] = [at.slopes + 8 * place, at.up + 8 * place];
        kernels.descend(from, left[k] as number, right[k] as number, unit * step, barrier, padded, at.result, size);
        if ((result[0] as number) >= value) continue;
        value = result[0] as number;
        variable = first + (result[1] as number);
      }
      return { variable, value };
    },
    partner(i, left) {
      const [own, lowest] = [this.diagonalOf(i), this.slopeOf(i)];
      let [variable, greatest, highest] = [-1, 0, Number.NEGATIVE_INFINITY];
      for (let k = 0; k < parts.length; k++) {
        const { first, place, padded, variable: start } = parts[k] as Part;
        const [from, barrier, squares] = [at.slopes + 8 * place, at.down + 8 * place, at.diagonal + 8 * first];
        kernels.partner(from, barrier, lowest, squares, left[k] as number, own, padded, at.result, size);
        highest = Math.max(highest, result[2] as number);
        if ((result[0] as number) <= greatest) continue;
        greatest = result[0] as number;
        variable = start + (result[1] as number);
      }
      return { variable, value: highest };
    },
    sumOf(t, weights) {
      let sum = 0;
      for (const { segment, variable, count } of parts) {
        const column = matrix.exactly(rowOf[t] as number, segment);
        for (let i = 0; i < count; i++) sum += (weights[variable + i] as number) * (column[i] as number);
      }
      return unit * sum;
    },
    add(t, weight) {
      for (const { segment, place } of parts) matrix.add(rowOf[t] as number, segment, weight, at.slopes + 8 * place);
    },
    put(all) {
      for (const { variable, place, count } of parts) slopes.set(all.subarray(variable, variable + count), place);
    },
  };
}

/** Of each variable: its part, its place in the arrays, its row in the matrix. */
function whereabouts(parts: readonly Part[], variables: number) {
  const [partOf, placeOf, rowOf] = [new Uint8Array(variables), new Int32Array(variables), new Int32Array(variables)];
  for (const [k, { variable, place, first, count }] of parts.entries()) {
    for (let i = 0; i < count; i++) {
      partOf[variable + i] = k;
      placeOf[variable + i] = place + i;
      rowOf[variable + i] = first + i;
    }
  }
  return { partOf, placeOf, rowOf };
}
