import type { Static } from 'typebox';
import * as Type from 'typebox';
import type { Rows } from './rows.ts';

/** What the training rows looked like, one entry a feature, in the order of the features. */
export const Baseline = Type.Object(
  {
    rows: Type.Integer({ minimum: 1 }),
    features: Type.Array(
      Type.Object({ name: Type.String(), min: Type.Number(), max: Type.Number(), mean: Type.Number() }),
    ),
  },
  { description: 'Summary of the training rows, before preparation.' },
);
export type Baseline = Static<typeof Baseline>;

/** An input value that lies outside what the model has seen in training. */
export interface Outside {
  readonly row: number;
  readonly feature: string;
  readonly value: number;
  readonly range: readonly [number, number];
}

export function baselineOf(features: readonly string[], { count, width, values }: Rows): Baseline {
  return {
    rows: count,
    features: features.map((name, column) => {
      let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
      for (let at = column; at < values.length; at += width) {
        const value = values[at] as number;
        if (value < min) min = value;
        if (value > max) max = value;
        sum += value;
      }
      return { name, min, max, mean: sum / count };
    }),
  };
}

/** The first `limit` values outside the training range, row by row. */
export function outside({ features }: Baseline, { values, width }: Rows, limit: number): Outside[] {
  const found: Outside[] = [];
  for (let at = 0; at < values.length && found.length < limit; at++) {
    const value = values[at] as number;
    const { name, min, max } = features[at % width] as Baseline['features'][number];
    if (value < min || value > max)
      found.push({ row: Math.floor(at / width), feature: name, value, range: [min, max] });
  }
  return found;
}
