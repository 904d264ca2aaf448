import type { Call } from '../http/call.ts';
import { type Route, routes } from '../http/routes.ts';

/** A request as a shadow is sent it: what decoding takes, and nothing of its caller. */
export interface ShadowCopy {
  readonly model: string;
  /** The shadow's version, and the one that has answered. */
  readonly version: number;
  readonly serving: number;
  /** When the shadow began. */
  readonly since: string;
  readonly operation: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
}

/** What the decoders read of a request's head. The body travels decoded. */
const HEADERS = ['content-type', 'accept', 'inference-header-content-length'];

/** An asynchronous call of a Lambda takes 1 MB; the rest of it is for the envelope. */
export const MOST_BYTES = 700_000;

/** Undefined where the request is too large to be sent along. */
export function copyOf(
  call: Call,
  which: Pick<ShadowCopy, 'model' | 'version' | 'serving' | 'since'>,
): ShadowCopy | undefined {
  const bytes = call.body();
  if (bytes.length > MOST_BYTES) return undefined;
  const headers = HEADERS.flatMap((name) => {
    const value = call.headers[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...which,
    operation: call.route.operation,
    headers: Object.fromEntries(headers),
    body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
  };
}

/** The copy as a call that the decoders take. */
export function callIn({ model, operation, headers, body }: ShadowCopy): Call {
  const route = (routes as readonly Route[]).find((candidate) => candidate.operation === operation);
  if (route === undefined) throw new TypeError('a shadow copy must be of an operation that predicts');
  return {
    route,
    params: { model },
    query: { model },
    headers,
    caller: undefined,
    requestId: 'shadow',
    body: () => Buffer.from(body, 'base64'),
  };
}

/** Whether an invocation is a shadow's. Events of the gateway have no such key, and callers make none of their keys. */
export const isShadowEvent = (event: object): event is { readonly shadow: ShadowCopy } =>
  Object.hasOwn(event, 'shadow');
