import { type IncomingMessage, type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ModeldropError } from '../../../models/errors.ts';
import type { Limits } from './limits.ts';

/** A whole answer. Headers are names and values in turn, as Node writes them fastest. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string | Buffer;
}

/** The gateway's own answer to what it does not pass on. */
export function refusal(error: ModeldropError, requestId: string): Answer {
  const headers = ['content-type', 'application/json', 'x-request-id', requestId, 'access-control-allow-origin', '*'];
  if (error.status === 401) headers.push('www-authenticate', 'Bearer');
  if ('retryAfterS' in error) headers.push('retry-after', String(error.retryAfterS));
  // It cannot know whose dialect is spoken: AWS SDKs and MLflow read `message`, the others `error`.
  return { status: error.status, headers, body: JSON.stringify({ error: error.message, message: error.message }) };
}

/** The framing of an answer is the gateway's; a function's word on it is dropped. */
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer']);

/**
 * What a function answered.
 *
 * @throws TypeError where it is not a proxy integration's result.
 */
export function answerOf(result: APIGatewayProxyResult, limits: Limits): Answer {
  const { statusCode, headers, multiValueHeaders, body = '', isBase64Encoded = false } = checked(result);
  if (body.length > limits.answerBytes) throw new TypeError(`body must take at most ${limits.answerBytes} bytes`);
  const flat: string[] = [];
  for (const name in headers) push(flat, name, headers[name]);
  for (const name in multiValueHeaders) for (const value of multiValueHeaders[name] ?? []) push(flat, name, value);
  return { status: statusCode, headers: flat, body: isBase64Encoded ? Buffer.from(body, 'base64') : body };
}

function checked(result: APIGatewayProxyResult): APIGatewayProxyResult {
  const { statusCode, body } = result ?? {};
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) {
    throw new TypeError(`statusCode must be an integer from 200 to 599, got ${statusCode}`);
  }
  if (body !== undefined && typeof body !== 'string') throw new TypeError(`body must be a string, got ${typeof body}`);
  return result;
}

function push(flat: string[], name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || FRAMING.has(name.toLowerCase())) return;
  const text = String(value);
  validateHeaderName(name);
  validateHeaderValue(name, text);
  flat.push(name, text);
}

const BODILESS = new Set([204, 304]);

/** Sends an answer. One that comes before its request is through also ends the connection, once it can be read. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  { closing, lingerMs }: { readonly closing: boolean; readonly lingerMs: number },
): Promise<void> {
  const flat = [...headers];
  if (!BODILESS.has(status)) flat.push('content-length', String(Buffer.byteLength(body)));
  const early = !request.complete;
  if (closing || early) flat.push('connection', 'close');
  response.writeHead(status, flat);
  // A pipelined answer has no connection until those before it are through.
  if (!early || response.socket === null) {
    response.end(body);
    return;
  }
  response.write(body);
  await linger(request, response.socket, lingerMs);
  response.end();
}

/**
 * Ends a connection so that its last answer can be read: a connection closed with bytes unread is reset, and the reset
 * overtakes the answer. So the sending side is closed, and what still comes in is thrown away for a while.
 */
export function linger(incoming: IncomingMessage | Socket, socket: Socket, lingerMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  socket.end();
  incoming.resume();
  return promise;
}
