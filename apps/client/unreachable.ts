/** Nobody answered: the connection was refused, broken off, or too slow. */
export class Unreachable extends Error {
  readonly url: string;

  constructor(url: string, why: string, options?: ErrorOptions) {
    super(`${url} does not answer: ${why}`, options);
    this.name = 'Unreachable';
    this.url = url;
  }
}

/** A failure of `fetch` in words. What the caller aborted stays what it is. */
export function unreachable(url: string, error: unknown): unknown {
  const { cause, message, name } = error as Error & { cause?: NodeJS.ErrnoException };
  if (name === 'AbortError') return error;
  const why = words[cause?.code ?? name] ?? cause?.message ?? message;
  return new Unreachable(originOf(url), why, { cause: error });
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  UND_ERR_SOCKET: 'the connection broke off',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host is not known',
  TimeoutError: 'it takes too long',
};

const originOf = (url: string): string => URL.parse(url)?.origin ?? url;
