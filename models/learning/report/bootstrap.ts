import { quantile } from '../preparing/present.ts';
import type { Random } from '../random.ts';
import type { Interval } from './report.ts';
import type { WeightedMetric } from './weighted-metrics.ts';

const [MOST_DRAWS, FEWEST_DRAWS] = [2_000, 200];
/** Beyond 20,000 test rows there are fewer draws: an interval is so narrow then that its own error hardly shows. */
const MOST_ROWS_DRAWN = 40_000_000;
const TAIL = 0.025;

export const drawsFor = (count: number): number =>
  Math.min(MOST_DRAWS, Math.max(FEWEST_DRAWS, Math.floor(MOST_ROWS_DRAWN / Math.max(1, count))));

/** Test rows, and the group that each belongs to where whole groups are drawn. */
export interface Population {
  readonly count: number;
  /** By row, from 0. */
  readonly groups?: Int32Array;
}

/**
 * 95 % intervals by the percentile bootstrap: test rows (or whole groups of them) drawn anew 2,000 times, or
 * less often where they are very many, the model as it is. A metric that has no value in most draws has no interval.
 */
export function bootstrapIntervals(
  population: Population,
  metrics: Readonly<Record<string, WeightedMetric>>,
  random: Random,
): Record<string, Interval> {
  const names = Object.keys(metrics);
  const draws = drawsFor(population.count);
  const found = names.map(() => new Float64Array(draws));
  const draw = drawer(population, random);
  for (let i = 0; i < draws; i++) {
    const weights = draw();
    for (const [m, name] of names.entries()) (found[m] as Float64Array)[i] = (metrics[name] as WeightedMetric)(weights);
  }
  return Object.fromEntries(
    names.flatMap((name, m): [string, Interval][] => {
      const values = (found[m] as Float64Array).filter(Number.isFinite).sort();
      if (values.length < draws / 2) return [];
      return [[name, [quantile(values, TAIL), quantile(values, 1 - TAIL)]]];
    }),
  );
}

/** Each draw is how often every row was drawn. The same array every time. */
function drawer({ count, groups }: Population, random: Random): () => Uint16Array {
  const weights = new Uint16Array(count);
  if (groups === undefined) {
    return () => {
      weights.fill(0);
      for (let i = 0; i < count; i++) {
        const row = random.integer(count);
        weights[row] = (weights[row] as number) + 1;
      }
      return weights;
    };
  }
  const size = 1 + groups.reduce((most, group) => Math.max(most, group), 0);
  const drawn = new Uint16Array(size);
  return () => {
    drawn.fill(0);
    for (let i = 0; i < size; i++) {
      const group = random.integer(size);
      drawn[group] = (drawn[group] as number) + 1;
    }
    for (let row = 0; row < count; row++) weights[row] = drawn[groups[row] as number] as number;
    return weights;
  };
}
