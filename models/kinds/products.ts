import type { Rows, SparseRows } from '../rows.ts';
import type { Vectors } from './vectors.ts';

/** Fills `out[i]` with one number for each vector i, from the row at `values[start ...]`. */
export type VectorLoop = (values: Float64Array, start: number, out: Float64Array) => void;

/** Inner products of a row with every vector. */
export const products = (vectors: Vectors): VectorLoop =>
  'offsets' in vectors ? sparseProducts(vectors) : denseProducts(vectors);

/** Squared distances of a row from every vector, by direct differences: |x|^2 - 2 x s + |s|^2 would cancel. */
export const distances = (vectors: Vectors): VectorLoop =>
  'offsets' in vectors ? sparseDistances(vectors) : denseDistances(vectors);

const denseProducts =
  ({ count, width, values: vectors }: Rows): VectorLoop =>
  (values, start, out) => {
    for (let i = 0, v = 0; i < count; i++) {
      let sum = 0;
      for (let column = start; column < start + width; column++, v++) {
        sum += (values[column] as number) * (vectors[v] as number);
      }
      out[i] = sum;
    }
  };

const sparseProducts =
  ({ count, offsets, columns, values: vectors }: SparseRows): VectorLoop =>
  (values, start, out) => {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let v = offsets[i] as number; v < (offsets[i + 1] as number); v++) {
        sum += (vectors[v] as number) * (values[start + (columns[v] as number)] as number);
      }
      out[i] = sum;
    }
  };

const denseDistances =
  ({ count, width, values: vectors }: Rows): VectorLoop =>
  (values, start, out) => {
    for (let i = 0, v = 0; i < count; i++) {
      let sum = 0;
      for (let column = start; column < start + width; column++, v++) {
        const difference = (values[column] as number) - (vectors[v] as number);
        sum += difference * difference;
      }
      out[i] = sum;
    }
  };

/** Where a vector is zero, the difference is the row's own value: what is left of |x|^2, which rounding keeps >= 0. */
const sparseDistances =
  ({ count, width, offsets, columns, values: vectors }: SparseRows): VectorLoop =>
  (values, start, out) => {
    let square = 0;
    for (let column = start; column < start + width; column++) square += (values[column] as number) ** 2;
    for (let i = 0; i < count; i++) {
      let met = 0;
      let sum = 0;
      for (let v = offsets[i] as number; v < (offsets[i + 1] as number); v++) {
        const value = values[start + (columns[v] as number)] as number;
        const difference = value - (vectors[v] as number);
        met += value * value;
        sum += difference * difference;
      }
      out[i] = sum + Math.max(0, square - met);
    }
  };
