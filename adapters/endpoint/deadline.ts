import { EndpointTooSlow } from './failures.ts';
import type { Invoke } from './invoke.ts';

/** Ends every call after `ms`, whether the endpoint heeds it or not. */
export const hurried =
  (invoke: Invoke, endpoint: string, ms: number): Invoke =>
  async (invocation, signal) => {
    const late = AbortSignal.timeout(ms);
    const either = AbortSignal.any([signal, late]);
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (): void => reject(signal.aborted ? signal.reason : new EndpointTooSlow(endpoint, ms));
    either.addEventListener('abort', end, { once: true });
    try {
      if (either.aborted) end();
      return await Promise.race([invoke(invocation, either), ended]);
    } finally {
      either.removeEventListener('abort', end);
    }
  };
