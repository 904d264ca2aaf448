import { bodyOf } from './api-error.ts';
import { type Answer, exchange } from './exchange.ts';

/** Where a platform is, and who calls. */
export interface Connection {
  /** Such as `http://127.0.0.1:8080`; a path, such as a stage's, is kept. */
  readonly url: string;
  readonly key: string;
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** JSON, a text of CSV, or bytes, of which the headers say what they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/**
 * One call of the API.
 * @returns the parsed body; undefined where there is none
 * @throws ApiError for an answer that is a refusal, Unreachable where there is no answer
 */
export const call = async <T>(connection: Connection, path: string, request: Request = {}): Promise<T> =>
  bodyOf<T>(await answerTo(connection, path, request));

/** As `call`, of what answers a file. @returns its bytes */
export async function download(connection: Connection, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await answerTo(connection, path, {});
  // A refusal is JSON, a file is whatever it is.
  return answer.status === 200 ? answer.bytes : bodyOf(answer);
}

async function answerTo({ url, key }: Connection, path: string, request: Request): Promise<Answer> {
  const { method = 'GET', body, headers, signal } = request;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return exchange(`${url.replace(/\/+$/, '')}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && !isBytes(body) && { 'content-type': contentType(body) }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' || isBytes(body) ? body : JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
  });
}

const isBytes = (body: unknown): body is Uint8Array<ArrayBuffer> => body instanceof Uint8Array;

const contentType = (body: unknown): string => (typeof body === 'string' ? 'text/csv' : 'application/json');
