import type { Baseline } from './baseline.ts';
import { arrays } from './datatype.ts';
import { INPUT } from './native.ts';
import type { Signature, TensorSpec } from './signature.ts';
import { elementCount, fp64, type Tensor, type Tensors } from './tensor.ts';

const utf8 = new TextEncoder();

/** One plain row: the training means and most frequent categories; without a baseline, zeros. */
export function plainRow(signature: Signature, baseline: Baseline | undefined): Tensors {
  if (baseline === undefined) return new Map(signature.inputs.map((spec) => [spec.name, zeros(spec)]));
  const [only] = signature.inputs;
  if (only?.name === INPUT && signature.inputs.length === 1) {
    return new Map([[INPUT, fp64([1, baseline.features.length], Float64Array.from(baseline.features, meanIn))]]);
  }
  return new Map(
    baseline.features.map((feature): [string, Tensor] => [
      feature.name,
      'mean' in feature
        ? fp64([1], Float64Array.of(feature.mean))
        : { datatype: 'BYTES', shape: [1], data: [utf8.encode(feature.categories[0] ?? '')] },
    ]),
  );
}

const meanIn = (feature: Baseline['features'][number]): number => ('mean' in feature ? feature.mean : 0);

function zeros({ datatype, shape }: TensorSpec): Tensor {
  const sizes = shape.map((size) => Math.max(1, size));
  const count = elementCount(sizes);
  const data =
    datatype === 'BYTES' ? Array.from({ length: count }, () => utf8.encode('-')) : new arrays[datatype](count);
  return { datatype, shape: sizes, data } as Tensor;
}
