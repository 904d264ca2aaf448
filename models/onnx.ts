import type { Static } from 'typebox';
import * as Type from 'typebox';

const closed = { additionalProperties: false };
const Count = Type.Integer({ minimum: 0 });

/** Which outputs mean what. */
export const Roles = Type.Object(
  {
    label: Type.Optional(Type.String({ minLength: 1 })),
    probabilities: Type.Optional(Type.String({ minLength: 1 })),
  },
  { ...closed, description: 'The outputs of a classifier, by their names in the model.' },
);
export type Roles = Static<typeof Roles>;

/**
 * How rows become inputs. `columns`: one input a feature; `matrix`: one input whose columns are the features;
 * `tensors`: inputs of any shape, whole, by name.
 */
export type Layout = 'columns' | 'matrix' | 'tensors';

/** What inspection finds in an ONNX model, and serving needs. */
export const Onnx = Type.Object(
  {
    operators: Type.Record(Type.String(), Count, { description: 'How often each stands in the graph.' }),
    opsets: Type.Record(Type.String(), Count),
    parameters: Type.Integer({ minimum: 0, description: 'Learned numbers.' }),
    multiplyAdds: Type.Integer({ minimum: 0, description: 'For one row, of what could be counted.' }),
    uncounted: Type.Array(Type.String(), { description: 'Nodes whose multiply-adds depend on the input.' }),
    layout: Type.Unsafe<Layout>({ type: 'string', enum: ['columns', 'matrix', 'tensors'] }),
    roles: Roles,
    changes: Type.Array(Type.String(), { description: 'What is served otherwise than the file says.' }),
    siblings: Type.Array(Type.String(), { description: 'Files beside the model that hold its tensors.' }),
    rowByRow: Type.Optional(
      Type.Literal(true, {
        description: 'Each row was shown to be answered as it is alone: an endpoint may batch rows of several callers.',
      }),
    ),
  },
  closed,
);
export type Onnx = Static<typeof Onnx>;
