import { bodyOf } from './api-error.ts';
import { exchange } from './exchange.ts';

/** Where a platform is, and who calls. */
export interface Connection {
  /** Such as `http://127.0.0.1:8080`; a path, such as a stage's, is kept. */
  readonly url: string;
  readonly key: string;
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** JSON, or a text of CSV. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/**
 * One call of the API.
 * @returns the parsed body; undefined where there is none
 * @throws ApiError for an answer that is a refusal, Unreachable where there is no answer
 */
export async function call<T>({ url, key }: Connection, path: string, request: Request = {}): Promise<T> {
  const { method = 'GET', body, signal } = request;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await exchange(`${url.replace(/\/+$/, '')}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': contentType(body) }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
  });
  return bodyOf<T>(answer);
}

const contentType = (body: unknown): string => (typeof body === 'string' ? 'text/csv' : 'application/json');
