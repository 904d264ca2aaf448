import type { Baseline } from '../baseline.ts';
import { binAmong } from '../bin-among.ts';
import type { Intake } from '../features.ts';
import { frameOf, rowsOf } from '../native.ts';
import type { Tensors } from '../tensor.ts';
import type { InputCounts } from './counts.ts';

type FeatureBaseline = Baseline['features'][number];

/** Features beyond so many are not watched: their counts would cost more than they tell. */
export const MOST_FEATURES = 100;

/** The counts of the training rows in the bins of a feature; undefined for a baseline without usable bins. */
export function trainingBins(feature: FeatureBaseline, rows: number): readonly number[] | undefined {
  const { missing = 0 } = feature;
  if ('categories' in feature) {
    const { categories, counts } = feature;
    const other = rows - missing - counts.reduce((sum, count) => sum + count, 0);
    return categories.length === counts.length && other >= 0 ? [...counts, other, missing] : undefined;
  }
  const { edges, counts } = feature;
  if (edges === undefined || counts?.length !== edges.length + 1) return undefined;
  return edges.every((edge, k) => k === 0 || edge > (edges[k - 1] as number)) ? [...counts, missing] : undefined;
}

/** Counts the values of requests in the bins of a baseline. */
export interface InputBinner {
  add(inputs: Tensors): void;
  counts(): InputCounts;
}

/** Undefined where the baseline has no bins. A single feature without bins has none in the counts. */
export function inputBinner(
  { features, types }: Intake,
  { features: baselines, rows }: Baseline,
): InputBinner | undefined {
  const watched = baselines.slice(0, MOST_FEATURES).map((feature) => {
    const size = trainingBins(feature, rows)?.length ?? 0;
    return { counts: new Array<number>(size).fill(0), binOf: size > 0 ? binning(feature, size - 1) : undefined };
  });
  if (watched.every(({ binOf }) => binOf === undefined)) return undefined;
  let seen = 0;

  const count = (column: number, value: Value): void => {
    const { counts, binOf } = watched[column] as (typeof watched)[number];
    if (binOf === undefined) return;
    const bin = binOf(value);
    counts[bin] = (counts[bin] as number) + 1;
  };

  return {
    add(inputs) {
      if (types === undefined) {
        const { count: added, width, values } = rowsOf(inputs, features.length);
        for (let row = 0; row < added; row++) {
          for (let column = 0; column < watched.length; column++) count(column, values[row * width + column] as number);
        }
        seen += added;
        return;
      }
      const { count: added, columns } = frameOf(inputs, features);
      for (const [column] of watched.entries()) for (const value of columns[column]?.values ?? []) count(column, value);
      seen += added;
    },
    counts: () => ({ rows: seen, bins: watched.map(({ counts }) => counts) }),
  };
}

type Value = number | string | null;

function binning(feature: FeatureBaseline, missing: number): (value: Value) => number {
  if ('categories' in feature) {
    const bins = new Map<Value, number>(feature.categories.map((category, k) => [category, k]));
    return (value) => (value === null ? missing : (bins.get(value) ?? missing - 1));
  }
  const { edges = [] } = feature;
  return (value) => (typeof value !== 'number' || Number.isNaN(value) ? missing : binAmong(edges, value));
}
