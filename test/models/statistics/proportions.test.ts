import { describe, expect, test } from 'vitest';
import { logFactorial } from '../../../models/statistics/log-factorial.ts';
import { atMost, differenceAtMost, fisherGreater, wilson } from '../../../models/statistics/proportions.ts';

const share = (count: number, of: number) => ({ count, of });

test.each([
  [0, 0],
  [1, 0],
  [5, 4.787491742782046],
  [19, 39.339884187199495],
  [20, 42.335616460753485],
  [21, 45.38013889847691],
  [100, 363.73937555556347],
  [12_345, 103_962.95347844966],
  [1_000_000, 12_815_518.384658169],
])('ln(%i!) is as scipy has it', (n, expected) => {
  expect(Math.abs(logFactorial(n) - expected)).toBeLessThanOrEqual(1e-14 * Math.max(1, expected));
});

// Figures of scipy.stats.fisher_exact(..., alternative='greater').
describe("Fisher's exact test, one-sided", () => {
  test.each<[number, number, number, number, number]>([
    [3, 10, 1, 90, 0.0028077960331274027],
    [0, 50, 3, 500, 1],
    [12, 400, 30, 4000, 0.00023890605514408078],
    [120, 10_000, 700, 90_000, 1.6648654683013673e-5],
    [5, 5, 0, 5, 0.003968253968253969],
    [1, 1000, 0, 9000, 0.1],
    [900, 1000, 8000, 9000, 0.15564138952753834],
  ])('of %i of %i against %i of %i', (count, of, others, ofOthers, expected) => {
    expect(fisherGreater(share(count, of), share(others, ofOthers)) / expected).toBeCloseTo(1, 9);
  });

  test('of nothing finds nothing', () => {
    expect(fisherGreater(share(0, 0), share(3, 10))).toBe(1);
  });
});

// Figures of scipy.stats.beta.ppf(0.95, count + 1, of - count).
test.each<[number, number, number]>([
  [0, 299, 0.009969146792899267],
  [0, 298, 0.010002432437677691],
  [3, 100, 0.07571079374983004],
  [17, 5000, 0.005095510597631543],
  [250, 100_000, 0.0027757704044435124],
  [99, 100, 0.9994871985837377],
  [4, 4, 1],
])("Clopper and Pearson's upper bound of %i of %i", (count, of, expected) => {
  expect(atMost(share(count, of), 0.05)).toBeCloseTo(expected, 9);
});

// Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: Wilson's score interval.
test.each<[number, number, number, number]>([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson's interval of %i of %i", (count, of, low, high) => {
  const found = wilson(share(count, of), 1.959963984540054);
  expect(found[0]).toBeCloseTo(low, 4);
  expect(found[1]).toBeCloseTo(high, 4);
});

// Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
test.each<[number, number, number, number, number]>([
  [56, 70, 48, 80, 0.3339],
  [9, 10, 3, 10, 0.809],
  [6, 7, 2, 7, 0.8062],
  [5, 56, 0, 29, 0.1926],
])('%i of %i may exceed %i of %i by so much', (a, m, b, n, high) => {
  expect(differenceAtMost(share(a, m), share(b, n), 1.959963984540054)).toBeCloseTo(high, 4);
});
