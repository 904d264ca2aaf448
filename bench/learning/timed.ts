/** One run: by the clock, and by the processor, which does not depend on what else the machine has to do. */
export interface Timed<T> {
  readonly seconds: number;
  readonly processor: number;
  readonly result: T;
}

/** The fastest of several runs, and what it made. */
export function timed<T>(work: () => T, times = 3): Timed<T> {
  const runs = Array.from({ length: times }, () => once(work));
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

function once<T>(work: () => T): Timed<T> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedAt) / 1_000, processor: (user + system) / 1e6, result };
}
