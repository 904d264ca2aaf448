import type { Answer } from './exchange.ts';

/** The platform's refusal. The message is the `error` of its body. */
export class ApiError extends Error {
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(message: string, { status, requestId }: { status: number; requestId: string | undefined }) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.requestId = requestId;
  }
}

/** What a call that went well answered. @throws ApiError for any other answer */
export function bodyOf<T>({ status, text, requestId }: Answer): T {
  const body = parsed(text);
  if (status < 200 || status > 299) {
    throw new ApiError(errorIn(body) ?? `the server answered ${status}`, { status, requestId });
  }
  if (body === undefined && text !== '') {
    throw new ApiError('the answer is no JSON: is this a Modeldrop platform?', { status, requestId });
  }
  return body as T;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorIn(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: unknown };
  return typeof error === 'string' ? error : undefined;
}
