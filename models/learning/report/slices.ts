import type { Column, Frame } from '../../frame.ts';
import { wilson } from '../../statistics/proportions.ts';
import type { Answers } from '../answers.ts';
import { quantile } from '../preparing/present.ts';
import type { Random } from '../random.ts';
import { bootstrapIntervals, type Population } from './bootstrap.ts';
import type { Slice } from './report.ts';
import { type WeightedMetric, weightedMetrics } from './weighted-metrics.ts';

const Z = 1.959963984540054;
const MOST_VALUES = 20;

/** Test rows told apart by one column: accuracy with Wilson's interval, or RMSE with a bootstrap interval. */
export function slicesOf(
  answers: Answers,
  frame: Frame,
  names: readonly string[],
  population: Population,
  random: Random,
): Slice[] {
  return names.flatMap((name) => {
    const column = frame.columns.find((candidate) => candidate.name === name) as Column;
    return [...rowsByValue(column)].map(([value, rows]) => ({
      column: name,
      value,
      count: rows.length,
      ...scoreOf(answers, rows, population, random),
    }));
  });
}

/** By value: texts with the most frequent first, numbers ascending, those of many values by quarters. */
function rowsByValue({ type, values }: Column): Map<string, number[]> {
  const distinct = new Set(values as Iterable<unknown>);
  const nameOf = type === 'number' && distinct.size > MOST_VALUES ? quarters(values as Float64Array) : plain;
  const byName = Map.groupBy(
    Array.from({ length: values.length }, (_, row) => row),
    (row) => nameOf(values[row] as number | string | null),
  );
  const numberOf = (rows: readonly number[]): number => values[rows[0] as number] as number;
  const sorted = [...byName].sort(([, a], [, b]) =>
    type === 'number' ? ascending(numberOf(a), numberOf(b)) : b.length - a.length,
  );
  const [shown, rest] = [sorted.slice(0, MOST_VALUES), sorted.slice(MOST_VALUES)];
  if (rest.length > 0) shown.push([`${rest.length} other values`, rest.flatMap(([, rows]) => rows)]);
  return new Map(shown);
}

/** What is missing comes last. */
const ascending = (a: number, b: number): number => Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || a - b;

const plain = (value: number | string | null): string =>
  value === null || Number.isNaN(value) ? 'missing' : String(value);

function quarters(values: Float64Array): (value: number | string | null) => string {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share)) as [number, number, number];
  const shown = (value: number): string => String(Number(value.toPrecision(4)));
  return (value) => {
    if (value === null || Number.isNaN(value)) return 'missing';
    if ((value as number) <= low) return `up to ${shown(low)}`;
    if ((value as number) <= middle) return `${shown(low)} to ${shown(middle)}`;
    return (value as number) <= high ? `${shown(middle)} to ${shown(high)}` : `above ${shown(high)}`;
  };
}

function scoreOf(
  answers: Answers,
  rows: readonly number[],
  { groups }: Population,
  random: Random,
): Omit<Slice, 'column' | 'value' | 'count'> {
  if (answers.task === 'classification') {
    const hits = rows.reduce((sum, row) => sum + Number(answers.truth[row] === answers.predicted[row]), 0);
    return { metric: 'accuracy', score: hits / rows.length, interval: wilson({ count: hits, of: rows.length }, Z) };
  }
  const { rmse } = weightedMetrics({
    task: 'regression',
    truth: Float64Array.from(rows, (row) => answers.truth[row] as number),
    predicted: Float64Array.from(rows, (row) => answers.predicted[row] as number),
  }) as { rmse: WeightedMetric };
  const population = {
    count: rows.length,
    ...(groups && { groups: renumbered(rows.map((row) => groups[row] as number)) }),
  };
  const { rmse: interval } = bootstrapIntervals(population, { rmse }, random);
  return {
    metric: 'rmse',
    score: rmse(new Uint16Array(rows.length).fill(1)),
    ...(interval ? { interval } : { why: groups ? 'one group has no interval' : 'one row has no interval' }),
  };
}

/** The same groups, counted from 0. */
function renumbered(groups: readonly number[]): Int32Array {
  const numbers = new Map([...new Set(groups)].map((group, number) => [group, number]));
  return Int32Array.from(groups, (group) => numbers.get(group) as number);
}
