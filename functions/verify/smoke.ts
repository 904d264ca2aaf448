import { arrays, isFixed } from '../../models/datatype.ts';
import type { Predictor } from '../../models/predictor.ts';
import type { Signature, TensorSpec } from '../../models/signature.ts';
import { elementCount, type Tensor, type Tensors } from '../../models/tensor.ts';

const NEVER = new AbortController().signal;

/**
 * Asks a model about one row of zeros, so that one which can't answer at all is never released.
 * Where inputs have more dimensions of any size, or are texts, a row of our own making may be none that it takes: then
 * only that it ends, in time and memory, is proved.
 * @returns the row
 * @throws RunFailed
 */
export async function smoke({ inputs }: Signature, predictor: Predictor): Promise<Tensors> {
  const zeros: Tensors = new Map(inputs.map((spec) => [spec.name, zero(spec)]));
  try {
    await predictor.predict(zeros, NEVER);
  } catch (failure) {
    if (inputs.every(isTyped)) throw failure;
  }
  return zeros;
}

const isTyped = ({ datatype, shape }: TensorSpec): boolean => isFixed(datatype) && !shape.slice(1).includes(-1);

function zero({ datatype, shape }: TensorSpec): Tensor {
  const size = shape.map((dimension) => (dimension === -1 ? 1 : dimension));
  const count = elementCount(size);
  if (!isFixed(datatype)) return { datatype, shape: size, data: Array.from({ length: count }, () => new Uint8Array()) };
  return { datatype, shape: size, data: new arrays[datatype](count) } as Tensor;
}
