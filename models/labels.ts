import * as Type from 'typebox';
import type { TensorSpec } from './signature.ts';
import type { Tensor } from './tensor.ts';

/** Class labels in the order of a classifier's scores. INT64 only if every one is a canonical integer. */
export type Labels =
  | { readonly datatype: 'INT64'; readonly values: readonly number[] }
  | { readonly datatype: 'BYTES'; readonly values: readonly string[] };

export const LabelsSchema = Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 2 });

/** Reads labels as files state them: `"1"` and `1` are the integer 1; `"01"`, `"1.0"` and `true` are text. */
export function parseLabels(stated: readonly (string | number | boolean)[]): Labels {
  const texts = stated.map(String);
  return texts.every(isCanonicalInteger)
    ? { datatype: 'INT64', values: texts.map(Number) }
    : { datatype: 'BYTES', values: texts };
}

const isCanonicalInteger = (text: string): boolean =>
  Number.isSafeInteger(Number(text)) && String(Number(text)) === text;

/** The `predict` output of a classifier. */
export const labelSpec = ({ datatype }: Labels): TensorSpec => ({ name: 'predict', datatype, shape: [-1] });

/** The `predict_proba` output of a classifier: one column a label, in this order. */
export const probabilitySpec = ({ values }: Labels): TensorSpec => ({
  name: 'predict_proba',
  datatype: 'FP64',
  shape: [-1, values.length],
  parameters: { labels: values },
});

const utf8 = new TextEncoder();

/** The labels at these positions, one a row. */
export function labelTensor(labels: Labels, positions: ArrayLike<number>): Tensor {
  const shape = [positions.length];
  if (labels.datatype === 'BYTES') {
    const encoded = labels.values.map((label) => utf8.encode(label));
    return { datatype: 'BYTES', shape, data: Array.from(positions, (position) => encoded[position] as Uint8Array) };
  }
  const data = new BigInt64Array(positions.length);
  for (let row = 0; row < data.length; row++) data[row] = BigInt(labels.values[positions[row] as number] as number);
  return { datatype: 'INT64', shape, data };
}
