import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { ModeldropError } from '../../models/errors.ts';
import { type Answer, toResult } from './answer.ts';
import { type Call, callOf } from './call.ts';
import { grants } from './caller.ts';
import { DeadlineExceeded, KeyRefused, RouteNotFound, ScopeMissing } from './errors.ts';
import { dialectOf, failure } from './failure.ts';
import { framesOf, type Log } from './log.ts';
import { observerFailures, observing } from './observing.ts';

/** One operation of the route table: a parsed call in, an answer out. */
export type Operation = (call: Call, signal: AbortSignal) => Answer | Promise<Answer>;

export type HttpHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

interface Scratch extends Record<string, unknown> {
  call?: Call;
  startedAt: number;
}

type Stage = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context, Scratch>;

export interface HttpOptions {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly log: Log;
  /** Milliseconds before the function's timeout at which the caller gets its 504. */
  readonly margin?: number;
  /** The largest answer, where it is not for Lambda to carry. */
  readonly maxBytes?: number;
}

/** An HTTP function: parse the call, check its scope, run its operation, answer or fail in the caller's dialect. */
export function httpFunction({ operations, log, margin = 250, maxBytes }: HttpOptions): HttpHandler {
  const calls = new WeakMap<APIGatewayProxyEvent, Call>();
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>({
    timeoutEarlyInMillis: margin,
    timeoutEarlyResponse: () => {
      throw new DeadlineExceeded();
    },
  })
    .use([observe(log), mapErrors(log), parse(calls), mustServe(operations), requireScope()])
    .handler(async (event, _context, { signal }) => {
      const call = calls.get(event) as Call;
      const operation = operations[call.route.operation] as Operation;
      return toResult(await operation(call, signal), call.requestId, maxBytes);
    }) as unknown as HttpHandler;
}

const parse = (calls: WeakMap<APIGatewayProxyEvent, Call>): Stage => ({
  before({ event, internal }) {
    internal.call = callOf(event);
    calls.set(event, internal.call);
  },
});

/** A route of another function was sent here by mistake. */
const mustServe = (operations: HttpOptions['operations']): Stage => ({
  before({ event, internal }) {
    const { route } = internal.call as Call;
    if (!Object.hasOwn(operations, route.operation)) throw new RouteNotFound(event.httpMethod, event.path);
  },
});

const requireScope = (): Stage => ({
  before({ internal }) {
    const { route, caller } = internal.call as Call;
    if (route.scope === 'open') return;
    if (caller === undefined) throw new KeyRefused();
    if (!grants(caller.scopes, route.scope)) throw new ScopeMissing(route.scope, caller.scopes);
  },
});

const mapErrors = (log: Log): Stage => ({
  onError(request) {
    const { event, error, internal } = request;
    const requestId = event.requestContext?.requestId ?? '';
    if (!(error instanceof ModeldropError)) {
      const line = { request_id: requestId, error: error?.name ?? 'unknown', frames: framesOf(error) };
      observing(() => log.error('unexpected', line));
    }
    const dialect = internal.call?.route.dialect ?? dialectOf(event.path ?? '');
    request.response = toResult(failure(error, dialect, requestId), requestId);
  },
});

const observe = (log: Log): Stage => {
  const line = ({ event, internal, response, error }: Parameters<NonNullable<Stage['after']>>[0]) =>
    observing(() =>
      log.info('request', {
        request_id: event.requestContext?.requestId ?? '',
        method: event.httpMethod,
        status: response?.statusCode ?? 500,
        duration_ms: performance.now() - internal.startedAt,
        ...(internal.call && { operation: internal.call.route.operation }),
        ...(internal.call?.caller && { tenant: internal.call.caller.tenant, key_id: internal.call.caller.key }),
        ...(error && { error: error.name }),
        ...(observerFailures() > 0 && { observer_failures: observerFailures() }),
      }),
    );
  return {
    before({ internal }) {
      internal.startedAt = performance.now();
    },
    after: line,
    onError: line,
  };
};
