import type { Static } from 'typebox';
import * as Type from 'typebox';
import { arrays, isFloat, isNumeric } from './datatype.ts';
import { DatatypeSchema } from './datatype-schema.ts';
import { UnfitInput } from './errors.ts';
import type { Tensor, Tensors } from './tensor.ts';

/** One input or output of a model; -1 in the shape is a dimension of any size. */
export const TensorSpec = Type.Object({
  name: Type.String({ minLength: 1 }),
  datatype: DatatypeSchema,
  shape: Type.Array(Type.Integer({ minimum: -1 })),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type TensorSpec = Static<typeof TensorSpec>;

export const Signature = Type.Object({
  inputs: Type.Array(TensorSpec, { minItems: 1 }),
  outputs: Type.Array(TensorSpec, { minItems: 1 }),
});
export type Signature = Static<typeof Signature>;

/** Whether all tensors are so many rows as there are, by their shapes. */
export const isInRows = ({ inputs, outputs }: Signature): boolean =>
  [...inputs, ...outputs].every(({ shape }) => shape[0] === -1);

/**
 * The inputs as the signature declares them. A declared float takes any numeric datatype: FP64 where the values fit
 * exactly, a narrower one rounded.
 * @throws UnfitInput where an input is unknown, missing, or of another datatype or shape
 */
export function conform(signature: Signature, inputs: Tensors): Tensors {
  for (const name of inputs.keys()) {
    if (!signature.inputs.some((spec) => spec.name === name)) {
      throw new UnfitInput({ where: 'inputs', rule: `must be ${namesOf(signature.inputs)}`, found: name });
    }
  }
  const conformed = new Map<string, Tensor>();
  for (const spec of signature.inputs) {
    const tensor = inputs.get(spec.name);
    if (tensor === undefined) {
      throw new UnfitInput({
        where: 'inputs',
        rule: `must name ${JSON.stringify(spec.name)}`,
        found: [...inputs.keys()],
      });
    }
    checkShape(spec, tensor);
    conformed.set(spec.name, cast(spec, tensor));
  }
  return conformed;
}

export const namesOf = (specs: readonly TensorSpec[]): string =>
  specs.map(({ name }) => JSON.stringify(name)).join(', ');

function checkShape(spec: TensorSpec, { shape }: Tensor): void {
  const fits =
    shape.length === spec.shape.length &&
    spec.shape.every((dimension, axis) => dimension === -1 || dimension === shape[axis]);
  if (!fits) {
    throw new UnfitInput({ where: `input ${spec.name}`, rule: `must have shape [${spec.shape}], got [${shape}]` });
  }
}

function cast(spec: TensorSpec, tensor: Tensor): Tensor {
  if (tensor.datatype === spec.datatype) return tensor;
  if (!isFloat(spec.datatype) || !isNumeric(tensor.datatype)) {
    const rule = isFloat(spec.datatype) ? 'must have a numeric datatype' : `must have datatype ${spec.datatype}`;
    throw new UnfitInput({ where: `input ${spec.name}`, rule, found: tensor.datatype });
  }
  return { datatype: spec.datatype, shape: tensor.shape, data: float(spec.name, spec.datatype, tensor) } as Tensor;
}

function float(name: string, datatype: 'FP16' | 'FP32' | 'FP64', { data }: Tensor): Tensor['data'] {
  const wide = new arrays[datatype](data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (typeof data[i] === 'bigint' && !Number.isSafeInteger(value)) {
      throw new UnfitInput({
        where: `input ${name}[${i}]`,
        rule: 'must be within ±2^53 to be exact in FP64',
        found: data[i],
      });
    }
    wide[i] = value;
  }
  return wide;
}
