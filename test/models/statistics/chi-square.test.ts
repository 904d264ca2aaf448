import { describe, expect, test } from 'vitest';
import { chiSquareQuantile } from '../../../models/statistics/chi-square.ts';

/** scipy 1.10.1: chi2.ppf(share, degrees) for the shares 0.999, 0.5 and 0.01. */
const scipy: readonly (readonly [number, number, number, number])[] = [
  [1, 10.827566170662733, 0.454936423119572, 0.00015708785790970184],
  [2, 13.815510557964274, 1.386294361119891, 0.020100671707002873],
  [3, 16.26623619623813, 2.3659738843753377, 0.11483180189911707],
  [5, 20.515005652432873, 4.351460191095526, 0.5542980767282772],
  [9, 27.877164871256568, 8.342832692252955, 2.0879007358707273],
  [10, 29.58829844507442, 9.34181776559197, 2.5582121601872063],
  [21, 46.797038041561315, 20.337227563547934, 8.897197942077216],
  [22, 48.26794229083518, 21.337044807672633, 9.542492338785074],
  [40, 73.40195751899103, 39.33534484661134, 22.164261252975155],
  [101, 150.66705566784537, 100.33412129901728, 70.90072291724304],
];

describe('the quantile of chi-square', () => {
  test.each(scipy)('with %i degrees is as in scipy', (degrees, high, middle, low) => {
    for (const [share, expected] of [
      [0.999, high],
      [0.5, middle],
      [0.01, low],
    ] as const) {
      expect(Math.abs(chiSquareQuantile(degrees, share) - expected)).toBeLessThan(1e-10 * Math.max(1, expected));
    }
  });
});
