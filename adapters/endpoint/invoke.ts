/** One call of an endpoint: a body, what it is, and which of its models it is for. */
export interface Invocation {
  /** The key of the model's artifact, on an endpoint of many models. */
  readonly target?: string;
  readonly contentType: string;
  /** In parts, which are sent one behind the other. */
  readonly body: readonly Uint8Array[];
}

export interface Invoked {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Calls an endpoint. What decorates it (deadline, retry, breaker) is one too.
 * @throws EndpointThrottled, EndpointUnavailable, EndpointFailed, EndpointTooSlow; EndpointModelUnavailable, EndpointModelFailed,
 * EndpointModelRefused; the signal's reason
 */
export type Invoke = (invocation: Invocation, signal: AbortSignal) => Promise<Invoked>;
