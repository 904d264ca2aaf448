import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folds, holdOut, holdOutLast } from '../../../models/learning/folds.ts';
import { seededRandom } from '../../../models/learning/random.ts';

const sizes = fc.tuple(fc.integer({ min: 10, max: 200 }), fc.integer({ min: 2, max: 8 }), fc.integer({ min: 0 }));
const countsOf = (rows: Int32Array, classes: Int32Array, k: number): number =>
  rows.filter((row) => classes[row] === k).length;

describe('cross-validation', () => {
  it('leaves every row out once', () =>
    fc.assert(
      fc.property(sizes, ([rows, parts, seed]) => {
        const splits = folds(rows, parts, {}, seededRandom(seed));
        const left = splits.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
        expect(left).toEqual(Array.from({ length: rows }, (_, row) => row));
        for (const { train, test } of splits) expect(train.length + test.length).toBe(rows);
      }),
    ));

  it('deals every class out evenly', () =>
    fc.assert(
      fc.property(sizes, ([rows, parts, seed]) => {
        const classes = Int32Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? 1 : 0));
        const counts = folds(rows, parts, { classes }, seededRandom(seed)).map(({ test }) =>
          countsOf(test, classes, 1),
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    ));

  it('keeps groups together', () => {
    const values = Array.from({ length: 90 }, (_, row) => `g${row % 13}`);
    const groups = { name: 'g', type: 'text', values } as const;
    for (const { train, test } of folds(90, 4, { groups }, seededRandom(1))) {
      const known = new Set([...train].map((row) => values[row]));
      expect([...test].some((row) => known.has(values[row] as string))).toBe(false);
      expect(test.length).toBeGreaterThan(14);
    }
  });

  it('deals the largest groups first, so that parts are of a size', () => {
    const sizes = [1, 1, 1, 1, 2, 2, 4, 8, 8];
    const values = sizes.flatMap((size, k) => Array<string>(size).fill(`g${k}`));
    const groups = { name: 'g', type: 'text', values } as const;
    for (const seed of [1, 2, 3, 4, 5]) {
      const parts = folds(values.length, 3, { groups }, seededRandom(seed)).map(({ test }) => test.length);
      expect(parts.sort((a, b) => a - b)).toEqual([9, 9, 10]);
    }
  });

  it('takes as many parts as there are rows, or groups', () => {
    expect(folds(3, 3, {}, seededRandom(0)).map(({ test }) => test.length)).toEqual([1, 1, 1]);
    const groups = { name: 'g', type: 'text', values: ['a', 'b', 'c', 'a'] } as const;
    expect(
      folds(4, 3, { groups }, seededRandom(0))
        .map(({ test }) => test.length)
        .sort(),
    ).toEqual([1, 1, 2]);
  });

  it('is the same for the same seed, and another for another', () => {
    const deal = (seed: number) => folds(50, 5, {}, seededRandom(seed)).map(({ test }) => [...test]);
    expect(deal(4)).toEqual(deal(4));
    expect(deal(4)).not.toEqual(deal(5));
  });

  it('needs as many rows, or groups, as parts', () => {
    expect(() => folds(3, 5, {}, seededRandom(0))).toThrow('cv must be at most the 3 rows, got 5');
    const groups = { name: 'g', type: 'text', values: ['a', 'b', 'a'] } as const;
    expect(() => folds(3, 3, { groups }, seededRandom(0))).toThrow('group g must have at least 3 values, got 2');
  });
});

describe('holding rows back', () => {
  it('takes its share of every class', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0 }), (seed) => {
        const classes = Int32Array.from({ length: 100 }, (_, row) => (row < 20 ? 1 : 0));
        const { train, test } = holdOut(100, 0.2, { classes }, seededRandom(seed));
        expect([train.length, test.length, countsOf(test, classes, 1)]).toEqual([80, 20, 4]);
      }),
    ));

  it('takes the last by time, and equal times together', () => {
    const time = { name: 't', type: 'text', values: ['2024', '2021', '2023', '2023', '2020', '2022'] } as const;
    const { train, test } = holdOutLast(time, 0.3);
    expect([[...train], [...test]]).toEqual([[1, 4, 5], [0, 2, 3]]); // biome-ignore format: two sides
  });

  it('takes whole groups, in about its share', () => {
    const values = Array.from({ length: 100 }, (_, row) => `g${row % 20}`);
    const groups = { name: 'g', type: 'text', values } as const;
    for (const [share, count] of [
      [0.2, 20],
      [0.5, 50],
      [0.9, 50],
    ] as const) {
      const { train, test } = holdOut(100, share, { groups }, seededRandom(3));
      const known = new Set([...train].map((row) => values[row]));
      expect([...test].some((row) => known.has(values[row]))).toBe(false);
      expect(test.length).toBe(count);
    }
  });

  it.each([
    ['text', ['2024', null, '2023'] as (string | null)[]],
    ['number', Float64Array.of(2024, Number.NaN, 2023)],
  ])('refuses a time of %ss that is missing, and names the row', (type, values) => {
    const time = { name: 'day', type, values } as Parameters<typeof holdOutLast>[0];
    expect(() => holdOutLast(time, 0.3)).toThrow('row 1, time "day" must not be missing');
  });

  it('takes times that are numbers by value', () => {
    const time = { name: 't', type: 'number', values: Float64Array.of(9, 100, 20, 3) } as const;
    expect([...holdOutLast(time, 0.5).test]).toEqual([1, 2]);
  });

  it('refuses one time for all, as no side would be left to learn from', () => {
    const time = { name: 't', type: 'text', values: ['now', 'now', 'now'] } as const;
    expect(() => holdOutLast(time, 0.3)).toThrow('rows must be enough to learn from some and test with others, got 3');
  });

  it('needs rows for both sides', () =>
    expect(() => holdOut(2, 0.2, {}, seededRandom(0))).toThrow(
      'must be enough to learn from some and test with others',
    ));
});
