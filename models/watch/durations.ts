/** How many took how long: counts by a duration's bin. */
export type Durations = Record<string, number>;

/** Two per cent wide. */
const WIDTH = Math.log(1.02);

export const durationBin = (milliseconds: number): number => Math.ceil(Math.log(Math.max(milliseconds, 1e-3)) / WIDTH);

export function countDuration(durations: Durations, milliseconds: number): void {
  const bin = durationBin(milliseconds);
  durations[bin] = (durations[bin] ?? 0) + 1;
}

const countIn = (durations: Durations): number => Object.values(durations).reduce((sum, count) => sum + count, 0);

/** Milliseconds that this share did not exceed, within two per cent; infinite where there are none. */
export function durationQuantile(durations: Durations, share: number): number {
  let rest = Math.ceil(countIn(durations) * share);
  for (const [bin, count] of Object.entries(durations).sort((a, b) => Number(a[0]) - Number(b[0]))) {
    rest -= count;
    if (rest <= 0) return Math.exp(Number(bin) * WIDTH);
  }
  return Number.POSITIVE_INFINITY;
}

/** How many took longer. */
export function longerThan(durations: Durations, milliseconds: number): number {
  const limit = durationBin(milliseconds);
  return Object.entries(durations).reduce((sum, [bin, count]) => (Number(bin) > limit ? sum + count : sum), 0);
}

export function addDurations(sum: Durations, more: Durations): Durations {
  const both = { ...sum };
  for (const [bin, count] of Object.entries(more)) both[bin] = (both[bin] ?? 0) + count;
  return both;
}
