import { setTimeout as pause } from 'node:timers/promises';
import { EndpointThrottled } from './failures.ts';
import type { Invoke } from './invoke.ts';

export interface RetryOptions {
  /** The first call among them. */
  readonly tries: number;
  readonly shortestMs: number;
  readonly longestMs: number;
  /** A number in [0, 1). */
  readonly draw: () => number;
}

export const RETRY: RetryOptions = { tries: 4, shortestMs: 50, longestMs: 1_000, draw: Math.random };

/** The pause before a try: at random up to a bound that doubles, so that callers who were throttled together part. */
export const pauseBefore = (tried: number, { shortestMs, longestMs, draw }: RetryOptions): number =>
  draw() * Math.min(shortestMs * 2 ** tried, longestMs);

/** Tries again where the endpoint has refused a call before running it, and nowhere else. */
export const retrying =
  (invoke: Invoke, options: RetryOptions = RETRY): Invoke =>
  async (invocation, signal) => {
    for (let tried = 1; ; tried++) {
      try {
        return await invoke(invocation, signal);
      } catch (error) {
        if (!(error instanceof EndpointThrottled) || tried >= options.tries) throw error;
      }
      await pause(pauseBefore(tried, options), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  };
