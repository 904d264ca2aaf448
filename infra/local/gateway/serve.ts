import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { KeyRefused } from '../../../functions/http/errors.ts';
import type { FunctionName } from '../../../functions/http/routes.ts';
import { ModeldropError } from '../../../models/errors.ts';
import { type Answer, answerOf, refusal, send } from './answer.ts';
import { grantOf } from './authorization.ts';
import { ClientGone, readBody } from './body.ts';
import { noteResponse } from './broken-request.ts';
import {
  AnswerTooLate,
  AuthorizerFailed,
  ExpectationFailed,
  FunctionFailed,
  GatewayFailed,
  MalformedHttp,
  ScopeMissing,
  TooBusy,
} from './errors.ts';
import { authorizerEvent, type Envelope, envelopeOf, proxyEvent } from './event.ts';
import { type Authorizer, invoke, type ProxyFunction } from './invoke.ts';
import type { Limits } from './limits.ts';
import type { FindResource, Match } from './resource-tree.ts';
import { targetOf } from './target.ts';
import { turns } from './turn.ts';

/** What stands behind the gateway, and what it goes by. */
export interface Backend {
  readonly find: FindResource;
  readonly functions: Readonly<Record<FunctionName, ProxyFunction>>;
  readonly authorize: Authorizer;
  /** Counts a tenant's request. Throws QuotaExceeded. */
  readonly throttle: (tenant: string) => void;
  readonly limits: Limits;
  /** Hears of every failure behind an answer that does not tell it. */
  readonly report: (requestId: string, failure: ModeldropError) => void;
  readonly isClosing: () => boolean;
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** One request, from the socket to the function and back, as API Gateway handles it. Never rejects. */
export function serving(backend: Backend): Serve {
  const { limits } = backend;
  const take = turns(() => performance.now());
  let inFlight = 0;
  const isTooMuch = (): boolean => {
    const { requests, ms } = take();
    return inFlight > limits.inFlight || (requests > limits.turnRequests && ms > limits.turnMs);
  };
  const serve: Serve = async (request, response) => {
    noteResponse(request.socket, response);
    const requestId = randomUUID();
    const answer = await (isTooMuch() ? turnedAway(requestId) : answering(backend, request, response, requestId));
    if (answer === undefined || response.destroyed) return;
    await send(request, response, answer, { closing: backend.isClosing(), lingerMs: limits.lingerMs });
  };
  return async (request, response) => {
    inFlight += 1;
    await serve(request, response);
    inFlight -= 1;
  };
}

/** By the end of the turn a small body is through, and the connection can be kept: a new one would cost more than the answer. */
async function turnedAway(requestId: string, why: ModeldropError = new TooBusy()): Promise<Answer> {
  await endOfTurn();
  return refusal(why, requestId);
}

async function answering(
  backend: Backend,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<Answer | undefined> {
  try {
    return await answerTo(backend, request, response, requestId);
  } catch (error) {
    // Nobody is left to answer.
    if (error instanceof ClientGone) return undefined;
    const failure = error instanceof ModeldropError ? error : new GatewayFailed({ cause: error });
    if (failure.cause !== undefined) backend.report(requestId, failure);
    return request.complete ? refusal(failure, requestId) : turnedAway(requestId, failure);
  }
}

async function answerTo(
  backend: Backend,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<Answer> {
  checkHead(request);
  const target = targetOf(request.url ?? '/');
  const match = backend.find(request.method ?? '', target.path);
  const envelope = envelopeOf(request, target, match, requestId);
  const caller = match.scope === 'open' ? undefined : await authorized(backend, envelope, match);
  const body = await readBody(request, response, backend.limits);
  return call(backend, match.function, proxyEvent(envelope, caller, body));
}

function checkHead(request: IncomingMessage): void {
  const hosts = hostsIn(request.rawHeaders);
  if (hosts > 1) throw new MalformedHttp('it names more than one Host');
  if (hosts === 0 && request.httpVersion !== '1.0') throw new MalformedHttp('it names no Host');
  const { expect } = request.headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') throw new ExpectationFailed(expect);
}

function hostsIn(raw: readonly string[]): number {
  let hosts = 0;
  for (let i = 0; i < raw.length; i += 2) if (raw[i]?.length === 4 && raw[i]?.toLowerCase() === 'host') hosts++;
  return hosts;
}

/** Asks the authorizer, holds its grant against the tenant's quota, and gives what the function is told of the caller. */
async function authorized(
  { authorize, throttle, limits }: Backend,
  envelope: Envelope,
  { resource, scope }: Match,
): Promise<Record<string, unknown>> {
  const { requestId } = envelope.requestContext;
  const startedAt = performance.now();
  const word = await invoke('authorize', authorize, authorizerEvent(envelope), {
    requestId,
    timeoutMs: limits.timeoutMs,
  }).catch((error) => {
    throw refusedKey(error);
  });
  const grant = grantOf(word);
  if (!grant.allowed) throw new ScopeMissing(envelope.httpMethod, resource, scope);
  throttle(grant.tenant);
  return { ...grant.context, integrationLatency: Math.round(performance.now() - startedAt) };
}

function refusedKey(error: unknown): ModeldropError {
  if (error instanceof AnswerTooLate) return error;
  // The word that Lambda authorizers say to API Gateway.
  return error instanceof Error && error.message === 'Unauthorized'
    ? new KeyRefused()
    : new AuthorizerFailed({ cause: error });
}

async function call(
  { functions, limits }: Backend,
  name: FunctionName,
  event: ReturnType<typeof proxyEvent>,
): Promise<Answer> {
  const { requestId } = event.requestContext;
  try {
    return answerOf(await invoke(name, functions[name], event, { requestId, timeoutMs: limits.timeoutMs }), limits);
  } catch (error) {
    throw error instanceof AnswerTooLate ? error : new FunctionFailed(name, { cause: error });
  }
}
