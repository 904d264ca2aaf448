import type { ModeldropError } from '../../models/errors.ts';
import { EndpointFailed, EndpointModelRefused, EndpointThrottled, EndpointUnavailable } from './failures.ts';

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
/** Nothing was run: the model is still on its way, or the service has no room for the call. */
const NOT_YET: Readonly<Record<string, string>> = {
  ModelNotReadyException: 'is still loading it',
  ServiceUnavailable: 'is not available at present',
  ServiceUnavailableException: 'is not available at present',
};

/** RELIABILITY's map of what an endpoint may do wrong. */
export function failureOf(endpoint: string, refusal: RuntimeRefusal): ModeldropError {
  const word = wordOf(refusal.body);
  const name = nameOf(refusal, word);
  const cause = new Error(`${refusal.status} ${name}`);
  if (name === 'ModelError') return ofModel(endpoint, Number(word.OriginalStatusCode ?? 500), { cause });
  const why = NOT_YET[name];
  if (why) return new EndpointUnavailable(endpoint, why, { cause });
  if (THROTTLED.has(name)) return new EndpointThrottled(endpoint, { cause });
  return new EndpointFailed(endpoint, 'failed inside', { cause });
}

function ofModel(endpoint: string, original: number, options: ErrorOptions): ModeldropError {
  if (original === OUT_OF_MEMORY) return new EndpointUnavailable(endpoint, 'has no memory left for it', options);
  if (original >= 400 && original < 500) return new EndpointModelRefused(endpoint, original, options);
  return new EndpointFailed(endpoint, `broke on this call: its container answered ${original}`, options);
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
