import type { ModeldropError } from '../../models/errors.ts';
import {
  EndpointFailed,
  EndpointModelFailed,
  EndpointModelRefused,
  EndpointModelUnavailable,
  EndpointThrottled,
  EndpointUnavailable,
} from './failures.ts';

/** An answer of the runtime API that is an error. */
export interface RuntimeRefusal {
  readonly status: number;
  /** Its `x-amzn-errortype`: the error's name, perhaps with a colon and more behind it. */
  readonly type: string | string[] | undefined;
  readonly body: Uint8Array;
}

/** Triton's word for no memory left on the device. */
const OUT_OF_MEMORY = 507;
const THROTTLED = new Set(['ThrottlingException', 'TooManyRequestsException', 'Throttling']);
const LOADING = 'ModelNotReadyException';
const NO_ROOM = new Set(['ServiceUnavailable', 'ServiceUnavailableException']);
const SERVER_ERROR = 500;

/** RELIABILITY's map of what an endpoint may do wrong. */
export function failureOf(endpoint: string, refusal: RuntimeRefusal): ModeldropError {
  const word = wordOf(refusal.body);
  const name = nameOf(refusal, word);
  const cause = new Error(`${refusal.status} ${name}`);
  if (name === 'ModelError') return ofModel(endpoint, Number(word.OriginalStatusCode ?? 500), { cause });
  if (name === LOADING) return new EndpointModelUnavailable(endpoint, 'is still being loaded', { cause });
  if (NO_ROOM.has(name)) return new EndpointUnavailable(endpoint, 'is not available at present', { cause });
  if (THROTTLED.has(name)) return new EndpointThrottled(endpoint, { cause });
  const Failed = refusal.status < SERVER_ERROR ? EndpointModelFailed : EndpointFailed;
  return new Failed(endpoint, 'failed inside', { cause });
}

function ofModel(endpoint: string, original: number, options: ErrorOptions): ModeldropError {
  if (original === OUT_OF_MEMORY)
    return new EndpointModelUnavailable(endpoint, 'finds no memory left on its endpoint', options);
  if (original >= 400 && original < SERVER_ERROR) return new EndpointModelRefused(endpoint, original, options);
  return new EndpointModelFailed(endpoint, `broke on this call: its container answered ${original}`, options);
}

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization */
const nameOf = ({ type }: RuntimeRefusal, { __type, code }: Record<string, unknown>): string =>
  String(type ?? __type ?? code ?? '')
    .replace(/:.*$/, '')
    .replace(/^.*#/, '');

function wordOf(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
