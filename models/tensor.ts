import type { Datatype, Elements } from './datatype.ts';

/** A named input or output, row-major. `data.length` is the product of `shape`. */
export type Tensor = { [D in Datatype]: TensorOf<D> }[Datatype];

export interface TensorOf<D extends Datatype> {
  readonly datatype: D;
  readonly shape: readonly number[];
  readonly data: Elements[D];
}

export type Tensors = ReadonlyMap<string, Tensor>;

/** Number of elements of a tensor of this shape; 1 for a scalar's empty shape. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1);

/** Leading dimension: the number of rows that a batch holds. */
export const rowCount = (tensor: Tensor): number => tensor.shape[0] ?? 1;

export const fp64 = (shape: readonly number[], data: Float64Array): TensorOf<'FP64'> => ({
  datatype: 'FP64',
  shape,
  data,
});
