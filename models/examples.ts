import type { Static } from 'typebox';
import * as Type from 'typebox';

/** One golden example: inputs as a caller would send them, and what the model is known to answer. */
export const Example = Type.Object(
  {
    inputs: Type.Record(Type.String(), Type.Unknown(), { description: 'A V1 or v2 request body.' }),
    outputs: Type.Union([Type.Record(Type.String(), Type.Array(Type.Unknown())), Type.Array(Type.Unknown())], {
      description: 'Expected values by output name; a bare array means "predict".',
    }),
    tolerance: Type.Optional(
      Type.Number({
        minimum: 0,
        description: '1e-9 where absent; 1e-5 for outputs in single precision, 1e-2 in half.',
      }),
    ),
    truth: Type.Optional(Type.Array(Type.Unknown())),
  },
  { additionalProperties: false },
);
export type Example = Static<typeof Example>;

/** The companion file `examples.json`. */
export const Examples = Type.Array(Example, { maxItems: 1000 });
export type Examples = Static<typeof Examples>;
