import { isFloat } from './datatype.ts';
import { UnfitInput } from './errors.ts';
import type { TensorSpec } from './signature.ts';
import type { Tensor } from './tensor.ts';

/** NaN is a missing value, which the model itself knows what to make of; an infinite one is nobody's. @throws UnfitInput */
export function checkFinite({ name, datatype, shape }: TensorSpec, { data }: Tensor): void {
  if (!isFloat(datatype)) return;
  const numbers = data as ArrayLike<number>;
  for (let at = 0; at < numbers.length; at++) {
    const value = numbers[at] as number;
    if (Number.isFinite(value) || Number.isNaN(value)) continue;
    const width = shape.length === 2 ? (shape[1] as number) : 0;
    const where =
      width > 0 ? `row ${Math.floor(at / width)}, feature ${at % width} of input ${name}` : `input ${name}[${at}]`;
    throw new UnfitInput({ where, rule: 'must be finite', found: value });
  }
}
