/** Numbers from a seed, uniform in 0..1 (mulberry32): tests that generate data generate the same data every time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows of numbers between -1 and 1. */
export function randomTable(seed: number, count: number, width: number): number[][] {
  const next = seeded(seed);
  return Array.from({ length: count }, () => Array.from({ length: width }, () => 2 * next() - 1));
}
