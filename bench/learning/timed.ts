/** Runs by the clock, and by the processor, which does not depend on what else the machine has to do. */
export interface Timed<T> {
  /** Of the first run by the clock: nothing is compiled yet, and no memory taken. */
  readonly first: number;
  /** Of the fastest run. */
  readonly seconds: number;
  readonly processor: number;
  readonly result: T;
}

/** Short work is run for so many seconds: compilers need some to see what is worth compiling well. */
const WARM = 1.5;

/** The first of at least so many runs, and the fastest of them with what it made. */
export function timed<T>(work: () => T, times = 3): Timed<T> {
  const startedAt = performance.now();
  let best = once(work);
  const first = best.seconds;
  for (let run = 1; run < times || (times > 1 && performance.now() - startedAt < 1_000 * WARM); run++) {
    const next = once(work);
    if (next.seconds < best.seconds) best = next;
  }
  return { first, ...best };
}

function once<T>(work: () => T): Omit<Timed<T>, 'first'> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedAt) / 1_000, processor: (user + system) / 1e6, result };
}
