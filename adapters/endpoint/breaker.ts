import { type Circuit, circuit } from './circuit.ts';
import {
  EndpointFailed,
  EndpointModelFailed,
  EndpointModelUnavailable,
  EndpointTooSlow,
  EndpointUnavailable,
} from './failures.ts';
import type { Invoke } from './invoke.ts';

export interface BreakerOptions {
  readonly endpoint: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Failures without a success between them, after which the endpoint, or one model of it, is left alone. */
  readonly failures?: number;
  /** How long it is left alone before one call tries it again. */
  readonly restMs?: number;
}

const LEFT_ALONE = 'has failed several times in a row and is left alone for some seconds';

/**
 * Spares an endpoint that keeps failing, and its callers the wait. What one of its models does wrong, or does not do yet, closes
 * that model alone.
 */
export function breaker(invoke: Invoke, { endpoint, now, failures = 5, restMs = 5_000 }: BreakerOptions): Invoke {
  const fresh = (): Circuit => circuit({ now, failures, restMs });
  const whole = fresh();
  const models = new Map<string, Circuit>();

  return async (invocation, signal) => {
    const { target = '' } = invocation;
    const own = models.get(target) ?? fresh();
    models.set(target, own);
    if (whole.isOpen()) throw new EndpointUnavailable(endpoint, LEFT_ALONE);
    if (own.isOpen()) throw new EndpointModelUnavailable(endpoint, LEFT_ALONE);
    const leaving = [whole.enter(), own.enter()];
    try {
      const answer = await invoke(invocation, signal);
      for (const one of [whole, own]) one.succeed();
      return answer;
    } catch (error) {
      if (isOfEndpoint(error)) whole.fail();
      if (isOfModel(error)) own.fail();
      throw error;
    } finally {
      for (const leave of leaving) leave();
    }
  };
}

const isOfEndpoint = (error: unknown): boolean =>
  error instanceof EndpointFailed || error instanceof EndpointUnavailable;

/** A refused input, and a call that its caller gave up, say nothing of either. */
const isOfModel = (error: unknown): boolean =>
  error instanceof EndpointModelFailed || error instanceof EndpointModelUnavailable || error instanceof EndpointTooSlow;
