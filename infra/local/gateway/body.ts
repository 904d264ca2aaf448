import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BodyTooLarge, MalformedHttp, RequestTooSlow } from './errors.ts';
import type { Limits } from './limits.ts';

/** Who sent the request is gone; nobody is left to answer. */
export class ClientGone extends Error {}

const waiting = new WeakSet<IncomingMessage>();
const readings = new WeakMap<Socket, Reading>();

interface Reading {
  readonly request: IncomingMessage;
  readonly fail: (error: Error) => void;
}

/** Notes that a client holds its body back until it is told to go on. */
export const holdsBack = (request: IncomingMessage): unknown => waiting.add(request);

/** Tells a client that holds its body back to send it. */
export function letSend(request: IncomingMessage, response: ServerResponse): void {
  if (waiting.delete(request)) response.writeContinue();
}

const failures = new WeakMap<Socket, Error>();

/**
 * Ends the reading of the body that a connection is in the middle of. False where it is in the middle of none; a body
 * that is still to be read, because its caller is being looked up, then fails as soon as it is.
 */
export function failReading(socket: Socket, error: Error): boolean {
  failures.set(socket, error);
  const reading = readings.get(socket);
  if (reading === undefined || reading.request.complete) return false;
  reading.fail(error);
  return true;
}

const CHUNKED = /(?:^|,)\s*chunked$/i;

/**
 * The body of a request, or undefined where it has none or an empty one.
 *
 * @throws MalformedHttp, BodyTooLarge, RequestTooSlow, ClientGone, and what `failReading` is given
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limits: Limits,
): Promise<Buffer | undefined> {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (coding === undefined && (length === undefined || Number(length) === 0)) return undefined;
  if (coding !== undefined && !CHUNKED.test(coding)) throw new MalformedHttp('its body has no end that could be told');
  if (Number(length) > limits.bodyBytes) throw new BodyTooLarge(limits.bodyBytes);
  letSend(request, response);
  const failure = failures.get(request.socket);
  if (failure !== undefined && !request.complete) throw failure;
  const body = await collect(request, limits);
  return body.length === 0 ? undefined : body;
}

function collect(request: IncomingMessage, { bodyBytes, bodyMs }: Limits): Promise<Buffer> {
  const { socket } = request;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => reject(new RequestTooSlow('body', bodyMs)), bodyMs);
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > bodyBytes) reject(new BodyTooLarge(bodyBytes));
  };
  const end = (): void => resolve(joined(chunks));
  const gone = (): void => {
    // Every request closes; one that is whole has nothing more to say.
    if (!request.complete) reject(new ClientGone());
  };

  readings.set(socket, { request, fail: reject });
  request.on('data', take).on('end', end).on('error', gone).on('close', gone);
  return promise.finally(() => {
    clearTimeout(timer);
    readings.delete(socket);
    request.off('error', gone).off('close', gone);
    // A reader that gives up leaves the rest where it is.
    if (!request.readableEnded) request.off('data', take).off('end', end).pause();
  });
}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
