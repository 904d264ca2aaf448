import { quantile } from '../preparing/present.ts';
import { type Random, shuffled } from '../random.ts';
import { range } from '../split.ts';
import type { Interval } from './report.ts';
import type { WeightedMetric } from './weighted-metrics.ts';

const DRAWS = 2_000;
const TAIL = 0.025;

/** Test rows, and the group that each belongs to where whole groups are drawn. */
export interface Population {
  readonly count: number;
  /** By row, from 0. */
  readonly groups?: Int32Array;
}

/** What is drawn: rows, or groups of them. */
export const unitsOf = ({ count, groups }: Population): number =>
  groups === undefined ? count : 1 + groups.reduce((most, group) => Math.max(most, group), -1);

/**
 * 95 % intervals by the percentile bootstrap: test rows (or whole groups of them) drawn anew 2,000 times, the model as it
 * is. Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. A metric that has no value in most
 * draws has no interval, and none has where there is one row or one group only: every draw would be the same.
 */
export function bootstrapIntervals(
  population: Population,
  metrics: Readonly<Record<string, WeightedMetric>>,
  random: Random,
): Record<string, Interval> {
  if (unitsOf(population) < 2) return {};
  const names = Object.keys(metrics);
  const found = names.map(() => new Float64Array(DRAWS));
  const draw = drawer(population, random);
  for (let i = 0; i < DRAWS; i++) {
    const weights = draw();
    for (const [m, name] of names.entries()) (found[m] as Float64Array)[i] = (metrics[name] as WeightedMetric)(weights);
  }
  return Object.fromEntries(
    names.flatMap((name, m): [string, Interval][] => {
      const values = (found[m] as Float64Array).filter(Number.isFinite).sort();
      if (values.length < DRAWS / 2) return [];
      return [[name, [quantile(values, TAIL), quantile(values, 1 - TAIL)]]];
    }),
  );
}

/** More rows than that would take minutes, and make intervals that nobody can tell apart. */
const MOST_ROWS = 20_000;

/** Metrics of some rows, or of all. */
export type Prepared = (rows: Int32Array | undefined) => Readonly<Record<string, WeightedMetric>>;

/**
 * As `bootstrapIntervals`; of more than 20,000 rows, so many by chance are drawn from, and their interval is moved to the
 * estimate of the whole and shrunk by sqrt(m / n): Bickel, Götze and van Zwet, "Resampling fewer than n observations",
 * Statistica Sinica 7 (1997). Groups are drawn whole, however many.
 */
export function boundedIntervals(population: Population, of: Prepared, random: Random): Record<string, Interval> {
  const { count, groups } = population;
  if (groups !== undefined || count <= MOST_ROWS) return bootstrapIntervals(population, of(undefined), random);
  const rows = shuffled(range(0, count), random).subarray(0, MOST_ROWS);
  const [whole, part] = [of(undefined), of(rows)];
  const shrink = Math.sqrt(MOST_ROWS / count);
  const once = (size: number): Uint16Array => new Uint16Array(size).fill(1);
  return Object.fromEntries(
    Object.entries(bootstrapIntervals({ count: MOST_ROWS }, part, random)).map(([name, [low, high]]) => {
      const estimate = (whole[name] as WeightedMetric)(once(count));
      const own = (part[name] as WeightedMetric)(once(MOST_ROWS));
      return [name, [estimate + shrink * (low - own), estimate + shrink * (high - own)]];
    }),
  );
}

/** Each draw is how often every row was drawn. The same array every time. */
function drawer(population: Population, random: Random): () => Uint16Array {
  const { count, groups } = population;
  const weights = new Uint16Array(count);
  const size = unitsOf(population);
  const drawn = groups ? new Uint16Array(size) : weights;
  return () => {
    drawn.fill(0);
    for (let i = 0; i < size; i++) {
      const unit = random.integer(size);
      drawn[unit] = (drawn[unit] as number) + 1;
    }
    if (groups) for (let row = 0; row < count; row++) weights[row] = drawn[groups[row] as number] as number;
    return weights;
  };
}
