/** What was asked took longer than its deadline. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  constructor(ms: number, options?: ErrorOptions) {
    super(`no answer within ${Math.round(ms)} ms`, options);
  }
}

export interface Clock {
  /** Fires when the time is up. */
  readonly signal: AbortSignal;
  /** More time, for what turned out to be large. */
  extend(ms: number): void;
}

/**
 * Runs `work` for at most `ms`. From then on the answer is a DeadlinePassed, whether the work heeds its signal or not.
 *
 * @throws DeadlinePassed
 */
export async function within<T>(ms: number, work: (clock: Clock) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const startedAt = performance.now();
  let allowed = ms;
  const ring = (): void => {
    const error = new DeadlinePassed(allowed);
    late.reject(error);
    controller.abort(error);
  };
  let timer = setTimeout(ring, allowed);
  const extend = (more: number): void => {
    allowed += more;
    clearTimeout(timer);
    timer = setTimeout(ring, allowed - (performance.now() - startedAt));
  };
  try {
    return await Promise.race([work({ signal: controller.signal, extend }), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
