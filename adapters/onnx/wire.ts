import type { Datatype } from '../../models/datatype.ts';
import type { Tensor, Tensors } from '../../models/tensor.ts';
import { tensorFromBytes, tensorToBytes } from '../../models/tensor-binary.ts';

/** A tensor as it travels between processes: plain bytes, which are copied and never turned into text. */
export interface Wired {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export const wire = (tensors: Tensors): Wired[] =>
  Array.from(tensors, ([name, tensor]) => ({
    name,
    datatype: tensor.datatype,
    shape: tensor.shape,
    bytes: tensorToBytes(tensor),
  }));

export const unwire = (wired: readonly Wired[]): Tensors =>
  new Map<string, Tensor>(
    wired.map(({ name, datatype, shape, bytes }) => [name, tensorFromBytes(name, datatype, shape, bytes)]),
  );
