import * as Type from 'typebox';
import { DatatypeSchema } from '../../../models/datatype-schema.ts';

const Parameters = Type.Record(Type.String(), Type.Unknown(), { description: 'Open Inference parameters.' });
const Elements = Type.Unsafe<unknown[]>({ type: 'array', description: 'Row-major, nested or flat.' });

/** A request of the Open Inference Protocol v2, as JSON. */
export const V2Request = Type.Object({
  id: Type.Optional(Type.String()),
  parameters: Type.Optional(Parameters),
  inputs: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1 }),
      shape: Type.Array(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 32 }),
      datatype: DatatypeSchema,
      parameters: Type.Optional(Parameters),
      data: Type.Optional(Elements),
    }),
    { minItems: 1, maxItems: 1000 },
  ),
  outputs: Type.Optional(
    Type.Array(Type.Object({ name: Type.String({ minLength: 1 }), parameters: Type.Optional(Parameters) }), {
      maxItems: 1000,
    }),
  ),
});

export const V2Response = Type.Object({
  model_name: Type.String(),
  model_version: Type.String(),
  id: Type.String(),
  parameters: Type.Optional(Parameters),
  outputs: Type.Array(
    Type.Object({
      name: Type.String(),
      shape: Type.Array(Type.Integer()),
      datatype: DatatypeSchema,
      parameters: Type.Optional(Parameters),
      data: Type.Optional(Elements),
    }),
  ),
});
