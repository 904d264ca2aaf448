import type { Static } from 'typebox';
import * as Type from 'typebox';
import type { Rows } from './rows.ts';

const Numbers = Type.Array(Type.Number());

/** (x - mean) / scale, column by column. A constant column has scale 1. */
export const Standardize = Type.Object(
  { step: Type.Literal('standardize'), mean: Numbers, scale: Type.Array(Type.Number({ exclusiveMinimum: 0 })) },
  { additionalProperties: false },
);

/** Steps fitted on training rows, stored with the model, applied in this order before scoring. */
export const Preparation = Type.Array(Standardize);
export type Preparation = Static<typeof Preparation>;

/** Applies every step to a copy of the rows. */
export function prepare(preparation: Preparation, rows: Rows): Rows {
  return preparation.reduce(standardize, rows);
}

function standardize(rows: Rows, { mean, scale }: Static<typeof Standardize>): Rows {
  const { count, width } = rows;
  const values = new Float64Array(rows.values.length);
  for (let row = 0, at = 0; row < count; row++) {
    for (let column = 0; column < width; column++, at++) {
      values[at] = ((rows.values[at] as number) - (mean[column] as number)) / (scale[column] as number);
    }
  }
  return { count, width, values };
}
