import { EndpointTooSlow } from './failures.ts';
import type { Invoke } from './invoke.ts';

/** Ends every call after `ms`, whether the endpoint heeds it or not. */
export const hurried =
  (invoke: Invoke, endpoint: string, ms: number): Invoke =>
  async (invocation, signal) => {
    signal.throwIfAborted();
    const ending = new AbortController();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      reject(reason);
      ending.abort(reason);
    };
    const leave = (): void => end(signal.reason);
    const timer = setTimeout(() => end(new EndpointTooSlow(endpoint, ms)), ms);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([invoke(invocation, ending.signal), ended]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  };
