import { expect, it } from 'vitest';
import { floatExponential } from '../../../models/kernels/twin/float-columns.ts';
import { seeded } from '../../seeded.ts';

const { fround } = Math;

/** The error in units of the last place of the result; Math.exp is exact enough to judge float32. */
function ulps(x: number): number {
  const exact = Math.exp(x);
  return Math.abs(floatExponential(x) - exact) / 2 ** (Math.floor(Math.log2(exact)) - 23);
}

it('is less than two units in the last place off', () => {
  const next = seeded(3);
  const near = Array.from({ length: 20_000 }, () => fround(-2 * next()));
  const far = Array.from({ length: 20_000 }, () => fround(-87 * next()));
  expect(Math.max(...[...near, ...far, fround(-1e-30), fround(-0.34657359)].map(ulps))).toBeLessThan(2);
});

it.each([
  [0, 1],
  [-0, 1],
  [-87.4, 0],
  [-1e30, 0],
  [-Infinity, 0],
  [NaN, NaN],
])('exp(%d) is %d', (x, expected) => {
  expect(floatExponential(x)).toBe(expected);
});
