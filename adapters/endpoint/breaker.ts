import { EndpointFailed, EndpointTooSlow, EndpointUnavailable } from './failures.ts';
import type { Invoke } from './invoke.ts';

export interface BreakerOptions {
  readonly endpoint: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Failures without a success between them, after which the endpoint is left alone. */
  readonly failures?: number;
  /** How long it is left alone before one call tries it again. */
  readonly restMs?: number;
}

/**
 * Spares an endpoint that keeps failing, and its callers the wait: after so many failures in a row calls are refused at
 * once; after a rest one call goes through, and what becomes of it decides for all. Nygard, "Release It!", circuit breaker.
 */
export function breaker(invoke: Invoke, { endpoint, now, failures = 5, restMs = 5_000 }: BreakerOptions): Invoke {
  let failed = 0;
  let closedFrom = Number.NEGATIVE_INFINITY;
  let isTrying = false;

  return async (invocation, signal) => {
    const isOpen = failed >= failures;
    if (isOpen && (isTrying || now() < closedFrom)) {
      throw new EndpointUnavailable(endpoint, 'has failed several times in a row and is left alone for some seconds');
    }
    isTrying = isOpen;
    try {
      const answer = await invoke(invocation, signal);
      failed = 0;
      return answer;
    } catch (error) {
      if (isBroken(error)) {
        failed += 1;
        closedFrom = now() + restMs;
      }
      throw error;
    } finally {
      if (isOpen) isTrying = false;
    }
  };
}

/** A refused input, and a call that its caller gave up, say nothing of the endpoint. */
const isBroken = (error: unknown): boolean =>
  error instanceof EndpointFailed || error instanceof EndpointTooSlow || error instanceof EndpointUnavailable;
