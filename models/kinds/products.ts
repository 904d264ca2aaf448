import { blockBytes, blockCount, layBlocks } from '../kernels/blocks.ts';
import { BLOCK, type Kernels } from '../kernels/kernels.ts';
import type { Rows, SparseRows } from '../rows.ts';
import type { Vectors } from './vectors.ts';

/** Measures the row at `values[start ...]` against every vector, into the memory that it was made for. */
export type VectorLoop = (values: Float64Array, start: number) => void;

/** Where a loop keeps its vectors and a row, and leaves one number a vector: byte addresses. */
export interface Places {
  readonly blocks: number;
  /** For one block; afterwards the row lies there. */
  readonly scratch: number;
  readonly out: number;
}

/** Bytes that a loop needs in the kernels' memory. Sparse vectors stay outside of it. */
export const placesFor = (vectors: Vectors): Readonly<Record<keyof Places, number>> => ({
  ...('offsets' in vectors ? { blocks: 0, scratch: 0 } : blockBytes(vectors)),
  out: 8 * paddedCount(vectors),
});

/** The number of vectors in whole blocks. Numbers past their count mean nothing. */
export const paddedCount = (vectors: Vectors): number => BLOCK * blockCount(vectors);

/** Inner products of a row with every vector. */
export const products = (vectors: Vectors, kernels: Kernels, places: Places): VectorLoop =>
  'offsets' in vectors
    ? sparseProducts(vectors, outOf(vectors, kernels, places))
    : denseLoop(vectors, kernels, places, kernels.products);

/** Squared distances of a row from every vector, by direct differences: |x|^2 - 2 x s + |s|^2 would cancel. */
export const distances = (vectors: Vectors, kernels: Kernels, places: Places): VectorLoop =>
  'offsets' in vectors
    ? sparseDistances(vectors, outOf(vectors, kernels, places))
    : denseLoop(vectors, kernels, places, kernels.distances);

const outOf = ({ count }: Vectors, { memory }: Kernels, { out }: Places): Float64Array =>
  new Float64Array(memory, out, count);

function denseLoop(vectors: Rows, kernels: Kernels, places: Places, measure: Kernels['products']): VectorLoop {
  layBlocks(vectors, kernels, places);
  const { width } = vectors;
  const row = new Float64Array(kernels.memory, places.scratch, width);
  const blocks = blockCount(vectors);
  return (values, start) => {
    for (let k = 0; k < width; k++) row[k] = values[start + k] as number;
    measure(places.blocks, blocks, width, places.scratch, places.out);
  };
}

const sparseProducts =
  ({ count, offsets, columns, values: vectors }: SparseRows, out: Float64Array): VectorLoop =>
  (values, start) => {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let v = offsets[i] as number; v < (offsets[i + 1] as number); v++) {
        sum += (vectors[v] as number) * (values[start + (columns[v] as number)] as number);
      }
      out[i] = sum;
    }
  };

/** Where a vector is zero, the difference is the row's own value: what is left of |x|^2, which rounding keeps >= 0. */
const sparseDistances =
  ({ count, width, offsets, columns, values: vectors }: SparseRows, out: Float64Array): VectorLoop =>
  (values, start) => {
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
