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

  it('needs rows for both sides', () =>
    expect(() => holdOut(2, 0.2, {}, seededRandom(0))).toThrow(
      'must be enough to learn from some and test with others',
    ));
});
