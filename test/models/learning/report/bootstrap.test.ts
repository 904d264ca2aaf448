import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../models/learning/random.ts';
import { bootstrapIntervals, boundedIntervals } from '../../../../models/learning/report/bootstrap.ts';
import type { WeightedMetric } from '../../../../models/learning/report/weighted-metrics.ts';
import { normal, times } from '../tables.ts';

const meanOf =
  (values: readonly number[]): WeightedMetric =>
  (weights) => {
    let [sum, count] = [0, 0];
    for (let row = 0; row < weights.length; row++) {
      sum += (weights[row] as number) * (values[row] as number);
      count += weights[row] as number;
    }
    return sum / count;
  };

const covers = ([low, high]: readonly [number, number], value: number): boolean => low <= value && value <= high;

/** How many of 150 intervals of a mean of 0 hold it. */
function coverage(sample: (draw: () => number) => number[], groups?: Int32Array): number {
  const intervals = times(150, (i) => {
    const values = sample(normal(i + 1));
    const population = { count: values.length, ...(groups && { groups }) };
    return bootstrapIntervals(population, { mean: meanOf(values) }, seededRandom(i)).mean as [number, number];
  });
  return intervals.filter((interval) => covers(interval, 0)).length / 150;
}

describe('the bootstrap', () => {
  it('covers the mean of a population as often as it says', () => {
    const share = coverage((draw) => times(40, draw));
    // 95 %, and three standard deviations of a share of 150 either way.
    expect(share).toBeGreaterThan(0.89);
    expect(share).toBeLessThan(0.99);
  });

  it('draws whole groups: rows that are alike don’t count as many', () => {
    const groups = Int32Array.from({ length: 90 }, (_, row) => Math.floor(row / 3));
    const inGroups = (draw: () => number): number[] => times(30, draw).flatMap((value) => Array<number>(3).fill(value));
    expect(coverage(inGroups, groups)).toBeGreaterThan(0.89);
    expect(coverage(inGroups)).toBeLessThan(0.82);
  });

  it('has the percentiles of 2,000 draws: of a share, the binomial’s', () => {
    const values = times(100, (i) => Number(i < 30));
    const { mean } = bootstrapIntervals({ count: 100 }, { mean: meanOf(values) }, seededRandom(3));
    // Quantiles of a binomial of 100 and 0.3 are 21 and 39.
    expect(Math.abs((mean?.[0] as number) - 0.21)).toBeLessThanOrEqual(0.011);
    expect(Math.abs((mean?.[1] as number) - 0.39)).toBeLessThanOrEqual(0.011);
  });

  it('is the same for the same seed', () => {
    const draw = () => bootstrapIntervals({ count: 9 }, { mean: meanOf(times(9, (i) => i)) }, seededRandom(5));
    expect(draw()).toEqual(draw());
  });

  it.each([
    ['of one row', { count: 1 }],
    ['of one group', { count: 4, groups: new Int32Array(4) }],
    ['of no rows', { count: 0 }],
  ])('has no interval %s: every draw would be the same', (_, population) =>
    expect(bootstrapIntervals(population, { mean: () => 1 }, seededRandom(1))).toEqual({}),
  );

  it('has no interval of what most draws have no value of', () => {
    let draws = 0;
    const rare: WeightedMetric = () => (draws++ % 3 === 0 ? 1 : Number.NaN);
    expect(bootstrapIntervals({ count: 5 }, { rare }, seededRandom(1))).toEqual({});
  });
});

describe('of many rows', () => {
  const count = 30_000;
  const draw = normal(12);
  const values = times(count, draw);
  const of = (rows: Int32Array | undefined) => ({
    mean: meanOf(rows ? Array.from(rows, (row) => values[row] as number) : values),
  });

  it('some are drawn from: the interval lies about the estimate of all, and is as wide as theory says', () => {
    const [low, high] = boundedIntervals({ count }, of, seededRandom(1)).mean as [number, number];
    const estimate = of(undefined).mean(new Uint16Array(count).fill(1));
    expect(((low + high) / 2 - estimate) * Math.sqrt(count)).toBeCloseTo(0, 0);
    // 1.96 standard errors either way.
    expect(((high - low) * Math.sqrt(count)) / (2 * 1.96)).toBeCloseTo(1, 1);
  });

  it('groups are drawn whole, however many', () => {
    const groups = Int32Array.from({ length: 20_004 }, (_, row) => row % 3);
    const asked: unknown[] = [];
    boundedIntervals(
      { count: 20_004, groups },
      (rows) => {
        asked.push(rows);
        return { one: () => 1 };
      },
      seededRandom(1),
    );
    expect(asked).toEqual([undefined]);
  });
});
