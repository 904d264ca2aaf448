import { expect } from 'vitest';

type Numbers = number | ArrayLike<number> | readonly Numbers[];

/** The one rule of equality: |a - e| <= t max(1, |e|). Doubles are held to 1e-9. */
export const isClose = (actual: number, expected: number, t = 1e-9): boolean =>
  Math.abs(actual - expected) <= t * Math.max(1, Math.abs(expected));

/** Compares two arrays of numbers, nested or flat, element by element. */
export function expectClose(actual: Numbers, expected: Numbers, t = 1e-9): void {
  const [got, wanted] = [flat(actual), flat(expected)];
  expect(got.length, 'number of elements').toBe(wanted.length);
  const strayed = wanted.findIndex((value, i) => !isClose(got[i] as number, value, t));
  if (strayed !== -1) expect({ at: strayed, value: got[strayed] }).toEqual({ at: strayed, value: wanted[strayed] });
}

const flat = (numbers: Numbers): number[] =>
  typeof numbers === 'number' ? [numbers] : Array.from(numbers as ArrayLike<Numbers>, flat).flat();
