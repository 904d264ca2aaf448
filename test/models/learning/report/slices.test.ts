import { describe, expect, it } from 'vitest';
import type { Answers } from '../../../../models/learning/answers.ts';
import { seededRandom } from '../../../../models/learning/random.ts';
import { slicesOf } from '../../../../models/learning/report/slices.ts';
import { columnOf, times } from '../tables.ts';

const classes: Answers = {
  task: 'classification',
  truth: Int32Array.from({ length: 12 }, (_, i) => i % 2),
  predicted: Int32Array.from({ length: 12 }, (_, i) => (i < 3 ? 1 - (i % 2) : i % 2)),
  labels: ['no', 'yes'],
  positive: 1,
};
const numbers: Answers = {
  task: 'regression',
  truth: Float64Array.from({ length: 12 }, (_, i) => i),
  predicted: Float64Array.from({ length: 12 }, (_, i) => i + (i < 4 ? 2 : 1) * (i % 2 === 0 ? 1 : -1)),
};

const sliced = (answers: Answers, values: Parameters<typeof columnOf>[1], groups?: Int32Array) =>
  slicesOf(
    answers,
    { count: 12, columns: [columnOf('part', values)] },
    ['part'],
    { count: 12, ...(groups && { groups }) },
    seededRandom(1),
  );

describe('slices', () => {
  it('of classes have accuracy with Wilson’s interval, the most frequent value first', () => {
    const [first, second] = sliced(classes, times(12, (i) => (i < 4 ? 'north' : 'south'))); // biome-ignore format: a row
    expect(first).toMatchObject({ column: 'part', value: 'south', count: 8, metric: 'accuracy', score: 1 });
    expect(second).toMatchObject({ value: 'north', count: 4, score: 0.25 });
    // Wilson's formula for 1 of 4 and for 8 of 8, in Python.
    expect(second?.interval?.[0]).toBeCloseTo(0.04558726, 7);
    expect(second?.interval?.[1]).toBeCloseTo(0.69935816, 7);
    expect(first?.interval?.[0]).toBeCloseTo(0.67559244, 7);
    expect(first?.interval?.[1]).toBe(1);
  });

  it('of numbers have RMSE with a bootstrap interval', () => {
    const [first, second] = sliced(numbers, times(12, (i) => (i < 4 ? 1 : 2))); // biome-ignore format: a row
    expect(first).toMatchObject({ value: '1', count: 4, metric: 'rmse', score: 2, interval: [2, 2] });
    expect(second).toMatchObject({ value: '2', score: 1 });
  });

  it('say why there is no interval', () => {
    const one = sliced(numbers, times(12, (i) => (i === 0 ? 'alone' : 'others'))).at(-1); // biome-ignore format: a row
    expect(one).toMatchObject({ value: 'alone', why: 'one row has no interval' });
    expect(one).not.toHaveProperty('interval');
    const grouped = sliced(numbers, times(12, (i) => (i < 4 ? 'a' : 'b')), Int32Array.from({ length: 12 }, (_, i) => (i < 4 ? 0 : i))); // biome-ignore format: a row
    expect(grouped.at(-1)).toMatchObject({ value: 'a', why: 'one group has no interval' });
  });

  it('of many numbers are quarters, ascending, and what is missing comes last', () => {
    const answers: Answers = {
      task: 'regression',
      truth: new Float64Array(102),
      predicted: new Float64Array(102).fill(1),
    };
    const values = times(102, (i) => (i < 2 ? Number.NaN : i - 1));
    const slices = slicesOf(answers, { count: 102, columns: [columnOf('age', values)] }, ['age'], { count: 102 }, seededRandom(1)); // biome-ignore format: a row
    expect(slices.map(({ value, count }) => [value, count])).toEqual([
      ['up to 25.75', 25],
      ['25.75 to 50.5', 25],
      ['50.5 to 75.25', 25],
      ['above 75.25', 25],
      ['missing', 2],
    ]);
  });

  it('of many texts put the rare ones together', () => {
    const slices = sliced(classes, times(12, (i) => `t${i}`)); // biome-ignore format: a row
    expect(slices).toHaveLength(12);
    const many: Answers = { ...classes, truth: new Int32Array(30), predicted: new Int32Array(30) };
    const found = slicesOf(many, { count: 30, columns: [columnOf('t', times(30, (i) => `t${i}`))] }, ['t'], { count: 30 }, seededRandom(1)); // biome-ignore format: a row
    expect(found.at(-1)).toMatchObject({ value: '10 other values', count: 10 });
  });
});
