import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ModeldropError } from '../../../models/errors.ts';
import { linger, refusal } from './answer.ts';
import { failReading } from './body.ts';
import { HeadersTooLarge, MalformedHttp, RequestTooSlow } from './errors.ts';
import type { Limits } from './limits.ts';

const lastResponses = new WeakMap<Socket, ServerResponse>();
const broken = new WeakSet<Socket>();

/** Notes the newest answer due on a connection: what is said of broken bytes after it must wait for it. */
export const noteResponse = (socket: Socket, response: ServerResponse): unknown => lastResponses.set(socket, response);

/** Answers bytes that Node's parser could not read, in the gateway's shape, and ends the connection. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Socket, limits: Limits): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // The parser fails again on whatever follows.
  if (broken.has(socket)) return;
  broken.add(socket);
  const failure = failureOf(error, limits);
  // Where the body is what broke, its request is answered in the ordinary way.
  if (failReading(socket, failure)) return;
  const last = lastResponses.get(socket);
  const refuse = (): void => writeRefusal(socket, failure, limits);
  if (last === undefined || last.writableFinished || last.destroyed) refuse();
  else last.once('close', refuse);
}

function failureOf(error: NodeJS.ErrnoException, limits: Limits): ModeldropError {
  if (error.code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLarge(limits.headerBytes);
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTooSlow('headers', limits.headersMs);
  return new MalformedHttp('reason' in error ? String(error.reason) : error.message, { cause: error });
}

/** Writes a refusal where there is no response to write it to. */
export function writeRefusal(socket: Socket, failure: ModeldropError, { lingerMs }: Limits): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = refusal(failure, randomUUID());
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'connection: close'];
  lines.push(`content-length: ${Buffer.byteLength(body)}`);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  void linger(socket, socket, lingerMs);
}
