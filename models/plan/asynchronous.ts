/** How an endpoint that goes to sleep does where calls come independent of each other. */
export interface Sleep {
  /** Of the time, for which an instance is up and paid for; its start counts. */
  readonly up: number;
  /** Of the calls, that find none, or one that is starting. */
  readonly waiting: number;
}

/**
 * A call to a sleeping endpoint starts an instance, which takes `wakeS`; once up, it goes after `idleS` without a call. With
 * calls as a Poisson process, gaps as long come with q = exp(-rate x idle), and 1 / q calls, on average, before one does: a
 * cycle is 1 / rate of sleep, the start, and (1 / q - 1) / rate of being up.
 */
export function asleep(requestsPerSecond: number, wakeS: number, idleS: number): Sleep {
  const q = Math.exp(-requestsPerSecond * idleS);
  const during = requestsPerSecond * wakeS;
  const cycle = during * q + 1;
  return { up: 1 - q / cycle, waiting: ((1 + during) * q) / cycle };
}
