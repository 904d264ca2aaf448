import { MAX_BODY_BYTES } from '../../../functions/http/limits.ts';

/** What the gateway takes and how long it waits. Times in milliseconds. */
export interface Limits {
  /** Of a request's body. Lambda takes 6 MB of JSON, in which a body stands as base64. */
  readonly bodyBytes: number;
  /** Of a function's answer, as it stands in Lambda's JSON. */
  readonly answerBytes: number;
  /** Of the request line and all headers. */
  readonly headerBytes: number;
  /** Requests that are worked on at once; those beyond are told to come back, so that the others stay quick. */
  readonly inFlight: number;
  /** Requests that one turn of the event loop takes however long that is; `turnMs` bounds those beyond. */
  readonly turnRequests: number;
  /** How long what came at the same time may have waited for what was taken before it. */
  readonly turnMs: number;
  /** For a function, and for the authorizer, to answer. */
  readonly timeoutMs: number;
  /** For a client to send its headers. */
  readonly headersMs: number;
  /** For a client to send its body. */
  readonly bodyMs: number;
  /** For an idle connection to be kept. */
  readonly keepAliveMs: number;
  /** For a client to read an answer that came before its request was through. */
  readonly lingerMs: number;
  /** For requests in flight to finish when the gateway closes. */
  readonly drainMs: number;
}

/** API Gateway's and Lambda's own, where they have one; `inFlight` stands for Lambda's concurrency. */
export const LIMITS: Limits = {
  bodyBytes: MAX_BODY_BYTES,
  answerBytes: 6_291_556,
  headerBytes: 10_240,
  inFlight: 128,
  turnRequests: 96,
  turnMs: 10,
  timeoutMs: 29_000,
  headersMs: 10_000,
  bodyMs: 30_000,
  keepAliveMs: 65_000,
  lingerMs: 2_000,
  drainMs: 30_000,
};
