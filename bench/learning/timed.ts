/** Seconds of the fastest of several runs, and what it made. */
export function timed<T>(work: () => T, times = 3): { seconds: number; result: T } {
  let seconds = Number.POSITIVE_INFINITY;
  let result: T | undefined;
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    result = work();
    seconds = Math.min(seconds, (performance.now() - startedAt) / 1_000);
  }
  return { seconds, result: result as T };
}
