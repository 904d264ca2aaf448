import type { Static } from 'typebox';
import * as Type from 'typebox';
import { binAmong } from './bin-among.ts';
import { type Column, type Frame, frameOfRows, type NumberColumn } from './frame.ts';
import { presentIn, quantile } from './learning/preparing/present.ts';
import type { Rows } from './rows.ts';

const missing = Type.Optional(Type.Integer({ minimum: 1, description: 'Rows without a value.' }));

const NumberBaseline = Type.Object({
  name: Type.String(),
  min: Type.Number(),
  max: Type.Number(),
  mean: Type.Number(),
  edges: Type.Optional(
    Type.Array(Type.Number(), {
      maxItems: 9,
      description: 'Deciles, each once: upper edges of all bins but the last.',
    }),
  ),
  counts: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 10, description: 'Rows with a value, bin by bin.' }),
  ),
  missing,
});

const TextBaseline = Type.Object({
  name: Type.String(),
  categories: Type.Array(Type.String(), { maxItems: 20, description: 'The most frequent, most frequent first.' }),
  counts: Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 20 }),
  missing,
});

/** What the training rows looked like, one entry a feature, in the order of the features. */
export const Baseline = Type.Object(
  { rows: Type.Integer({ minimum: 1 }), features: Type.Array(Type.Union([NumberBaseline, TextBaseline])) },
  { description: 'Summary of the training rows, before preparation.' },
);
export type Baseline = Static<typeof Baseline>;
type FeatureBaseline = Baseline['features'][number];

/** An input value that lies outside what the model has seen in training. */
export interface Outside {
  readonly row: number;
  readonly feature: string;
  readonly value: number;
  readonly range: readonly [number, number];
}

/** Of features that are all numbers. */
export const baselineOf = (features: readonly string[], rows: Rows): Baseline =>
  baselineOfFrame(frameOfRows(features, rows));

export const baselineOfFrame = ({ count, columns }: Frame): Baseline => ({
  rows: count,
  features: columns.map((column) => ({ ...describe(column), ...missingIn(column) })),
});

function missingIn({ values }: Column): { missing?: number } {
  const count = (values as readonly unknown[]).filter((value) => value === null || Number.isNaN(value)).length;
  return count > 0 ? { missing: count } : {};
}

const describe = (column: Column): FeatureBaseline =>
  column.type === 'number' ? describeNumbers(column) : { name: column.name, ...mostFrequent(column.values) };

function describeNumbers({ name, values }: NumberColumn): FeatureBaseline {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count += 1;
  }
  return count === 0 ? { name, min: 0, max: 0, mean: 0 } : { name, min, max, mean: sum / count, ...deciles(values) };
}

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Bins with open ends that hold a tenth of the values each, or more where many values are the same. */
function deciles(values: Float64Array): { edges: number[]; counts: number[] } {
  const sorted = presentIn(values).sort();
  const edges = [...new Set(DECILES.map((share) => quantile(sorted, share)))];
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of sorted) {
    const bin = binAmong(edges, value);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges, counts };
}

const TOP = 20;

function mostFrequent(values: readonly (string | null)[]): { categories: string[]; counts: number[] } {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, TOP);
  return { categories: top.map(([name]) => name), counts: top.map(([, count]) => count) };
}

/** The first `limit` values outside the training range, row by row. */
export function outsideRows({ features }: Baseline, { values, width }: Rows, limit: number): Outside[] {
  const found: Outside[] = [];
  for (let at = 0; at < values.length && found.length < limit; at++) {
    const stray = strayed(features[at % width], values[at] as number, Math.floor(at / width));
    if (stray !== undefined) found.push(stray);
  }
  return found;
}

/** As `outsideRows`, where some features are texts: what a text is far from, nobody says. */
export function outsideFrame({ features }: Baseline, { columns, count }: Frame, limit: number): Outside[] {
  const found: Outside[] = [];
  for (let row = 0; row < count; row++) {
    for (const [k, { type, values }] of columns.entries()) {
      const stray = type === 'number' ? strayed(features[k], values[row] as number, row) : undefined;
      if (stray !== undefined && found.push(stray) === limit) return found;
    }
  }
  return found;
}

function strayed(feature: FeatureBaseline | undefined, value: number, row: number): Outside | undefined {
  if (feature === undefined || !('min' in feature)) return undefined;
  const { name, min, max } = feature;
  return value < min || value > max ? { row, feature: name, value, range: [min, max] } : undefined;
}
