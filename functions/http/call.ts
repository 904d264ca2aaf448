import type { APIGatewayProxyEvent } from 'aws-lambda';
import { MalformedRequest } from '../../models/errors.ts';
import { parseJson } from '../../models/json.ts';
import { decodeUtf8 } from '../../models/utf8.ts';
import { bodyOf } from './body.ts';
import { type Caller, fromContext } from './caller.ts';
import { type Headers, headersOf } from './headers.ts';
import { match } from './match.ts';
import type { Route } from './routes.ts';

/** One request, parsed: what every operation works on. */
export interface Call {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Headers;
  /** Undefined on open routes only. */
  readonly caller: Caller | undefined;
  readonly requestId: string;
  /** The decoded body. Read once, by the operations that take one. */
  body(): Uint8Array;
}

/** @throws RouteNotFound, MethodNotAllowed, MalformedRequest */
export function callOf(event: APIGatewayProxyEvent): Call {
  const { route, params } = match(event);
  const headers = headersOf(event);
  const context = event.requestContext?.authorizer;
  return {
    route,
    params,
    query: event.queryStringParameters ?? {},
    headers,
    caller: fromContext(context),
    requestId: event.requestContext?.requestId ?? '',
    body: () => bodyOf(event, headers['content-encoding']),
  };
}

/** The body as JSON, whatever its Content-Type: curl and Triton's clients name none that is right. */
export function jsonBody(call: Call): unknown {
  return parseJsonBytes(call.body());
}

export function parseJsonBytes(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new MalformedRequest({ where: 'body', rule: 'must be a JSON document, not empty' });
  return parseJson(decodeUtf8(bytes, 'body'), 'body');
}
