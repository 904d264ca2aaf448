import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Onnx } from '../onnx.ts';
import { Signature } from '../signature.ts';
import type { Tensors } from '../tensor.ts';

const closed = { additionalProperties: false };

/** When the small model of a cascade is sure enough. */
export const SURENESS = {
  threshold: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'The small model answers rows of at least this confidence, the large one all others.',
  }),
  temperature: Type.Number({
    exclusiveMinimum: 0,
    description:
      "Confidence is the largest of the small model's probabilities, softened by it: softmax(log p / temperature).",
  }),
};

/** A small model in process that hands the rows of which it is not sure to a large one. All else in its manifest is of the small. */
export const Cascade = Type.Object(
  {
    ...SURENESS,
    large: Type.Object(
      {
        file: Type.String({ minLength: 1 }),
        signature: Signature,
        onnx: Onnx,
        output: Type.String({ minLength: 1, description: 'The output that holds a number a class.' }),
        scores: Type.Unsafe<'probabilities' | 'logits'>({ type: 'string', enum: ['probabilities', 'logits'] }),
        order: Type.Array(Type.Integer({ minimum: 0 }), {
          description: "Where in its output the classes stand, in the order of the small model's labels.",
        }),
      },
      closed,
    ),
  },
  { ...closed, description: 'A small model that hands rows of which it is not sure to a large one.' },
);
export type Cascade = Static<typeof Cascade>;

/** The output that says which model answered a row. */
export const ANSWERED_BY = 'answered_by';

const utf8 = new TextDecoder();

/** Which model answered each row; undefined where it was no cascade that answered. */
export const answerersIn = (outputs: Tensors): string[] | undefined =>
  (outputs.get(ANSWERED_BY)?.data as Uint8Array[] | undefined)?.map((who) => utf8.decode(who));
