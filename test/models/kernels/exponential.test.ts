import { expect, it } from 'vitest';
import { exponential } from '../../../models/kernels/twin/exponential.ts';
import { seeded } from '../../seeded.ts';

const ONE = 1n << 1200n;

/** x = m 2^e exactly, as a multiple of 2^-1200. */
function fixed(x: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0] as bigint;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & ((1n << 52n) - 1n)) | (exponent > 0 ? 1n << 52n : 0n);
  const shifted = (mantissa << 1200n) >> BigInt(1075 - Math.max(1, exponent));
  return x < 0 ? -shifted : shifted;
}

/** exp(x) for x <= 0 as a multiple of 2^-1200: the series at x / 2^12, squared twelve times. */
function exact(x: number): bigint {
  const reduced = fixed(x) >> 12n;
  let [sum, term] = [ONE, ONE];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = ((term * reduced) >> 1200n) / k;
    sum += term;
  }
  for (let i = 0; i < 12; i++) sum = (sum * sum) >> 1200n;
  return sum;
}

/** The error in units of the last place of the result. */
function ulps(x: number): number {
  const got = exponential(x);
  const ulp = fixed(2 ** (Math.floor(Math.log2(got)) - 52));
  return Number(((fixed(got) - exact(x)) * 1_000_000n) / ulp) / 1e6;
}

it('is less than one unit in the last place off', () => {
  const next = seeded(3);
  const near = Array.from({ length: 600 }, () => -2 * next());
  const far = Array.from({ length: 150 }, () => -700 * next());
  const worst = [...near, ...far, -1e-300, -1e-17, -0.34657359027997264, -708].map(ulps).map(Math.abs);
  expect(Math.max(...worst)).toBeLessThan(1);
});

it.each([
  [0, 1],
  [-0, 1],
  [-708.4, 0],
  [-1e300, 0],
  [-Infinity, 0],
  [NaN, NaN],
])('exp(%d) is %d', (x, expected) => {
  expect(exponential(x)).toBe(expected);
});
