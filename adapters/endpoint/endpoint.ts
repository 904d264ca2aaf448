import { breaker } from './breaker.ts';
import { hurried } from './deadline.ts';
import type { Invoke } from './invoke.ts';
import { RETRY, type RetryOptions, retrying } from './retry.ts';

export interface EndpointOptions {
  readonly endpoint: string;
  /** One call, such as `sagemakerEndpoint` makes. */
  readonly invoke: Invoke;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** For all tries of a call together; below the 29 s of the gateway. */
  readonly deadlineMs?: number;
  readonly retry?: RetryOptions;
  readonly restMs?: number;
}

/** Below the 29 s of the gateway. */
export const DEADLINE_MS = 25_000;

/** One endpoint, as all of its models share it: tries within a deadline, behind a breaker. */
export function endpointInvoke(options: EndpointOptions): Invoke {
  const { endpoint, invoke, now, deadlineMs = DEADLINE_MS, retry = RETRY, restMs } = options;
  const tried = retrying(invoke, retry);
  return breaker(hurried(tried, endpoint, deadlineMs), { endpoint, now, ...(restMs && { restMs }) });
}
