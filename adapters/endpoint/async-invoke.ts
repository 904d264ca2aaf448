import { ModeldropError } from '../../models/errors.ts';
import { type AsyncCall, currentTurn } from './async-turn.ts';
import { EndpointUnavailable } from './failures.ts';
import type { Invocation, Invoke } from './invoke.ts';
import { jsonLength, TRITON_BINARY } from './triton-wire.ts';

/** A caller waits for a model that takes its time. */
export class JobsOnly extends ModeldropError {
  override readonly name = 'JobsOnly';
  readonly status = 422;
  constructor(model: string) {
    super(`the model answers jobs only; send this request to POST /v1/models/${model}/jobs`, { model });
  }
}

/** The endpoint was asked, and will answer another time. It reaches no caller. */
class AnswerPending extends ModeldropError {
  override readonly name = 'AnswerPending';
  readonly status = 503;
  constructor(endpoint: string) {
    super('the endpoint was asked, and has not answered yet', { endpoint });
  }
}

/** Has an asynchronous endpoint take a call. */
export type StartAsync = (endpoint: string, invocation: Invocation, signal: AbortSignal) => Promise<AsyncCall>;

/**
 * A call of an asynchronous endpoint in two turns. An answer of another endpoint is none: the model has a new version since, which
 * is asked in turn.
 * @throws JobsOnly where a caller waits; EndpointUnavailable where nobody can start it; AnswerPending
 */
export const asyncInvoke =
  (model: string, endpoint: string, start: StartAsync | undefined): Invoke =>
  async ({ contentType, body }, signal) => {
    const turn = currentTurn();
    if (turn === undefined) throw new JobsOnly(model);
    if (start === undefined) throw new EndpointUnavailable(endpoint, 'is not set up here');
    const { answer } = turn;
    if (answer?.endpoint === endpoint) {
      return { contentType: `${TRITON_BINARY};json-header-size=${jsonLength(answer.body)}`, body: answer.body };
    }
    turn.asked = await start(endpoint, { contentType, body }, signal);
    throw new AnswerPending(endpoint);
  };
