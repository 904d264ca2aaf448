import { ModeldropError } from '../../models/errors.ts';

/** More calls than the endpoint takes at present, after several tries. */
export class EndpointThrottled extends ModeldropError {
  override readonly name = 'EndpointThrottled';
  readonly status = 429;
  constructor(endpoint: string, options?: ErrorOptions) {
    super('the model is called more often than its endpoint takes; call again, more slowly', { endpoint }, options);
  }
}

/** The endpoint can't be reached, has no room for a call, or has failed so often that it is left alone. */
export class EndpointUnavailable extends ModeldropError {
  override readonly name = 'EndpointUnavailable';
  readonly status = 503;
  constructor(endpoint: string, why: string, options?: ErrorOptions) {
    super(`the model's endpoint ${why}; call again`, { endpoint, why }, options);
  }
}

/** The endpoint is loading the model, has no memory for it, or that model has failed so often that it is left alone. */
export class EndpointModelUnavailable extends ModeldropError {
  override readonly name = 'EndpointModelUnavailable';
  readonly status = 503;
  constructor(endpoint: string, why: string, options?: ErrorOptions) {
    super(`the model ${why}; call again`, { endpoint, why }, options);
  }
}

/** The model's container did not take the input. Another try would end the same. */
export class EndpointModelRefused extends ModeldropError {
  override readonly name = 'EndpointModelRefused';
  readonly status = 422;
  constructor(endpoint: string, original: number, options?: ErrorOptions) {
    super(
      `the model can not be run on this input: its container answered ${original}; see the shapes that GET /v2/models/{model} states`,
      { endpoint, original },
      options,
    );
  }
}

/** The model's container broke on the call, or the service knows no such model. */
export class EndpointModelFailed extends ModeldropError {
  override readonly name = 'EndpointModelFailed';
  readonly status = 502;
  constructor(endpoint: string, why: string, options?: ErrorOptions) {
    super(`the model's endpoint ${why}`, { endpoint, why }, options);
  }
}

/** The service broke, or answered what is no answer. */
export class EndpointFailed extends ModeldropError {
  override readonly name = 'EndpointFailed';
  readonly status = 502;
  constructor(endpoint: string, why: string, options?: ErrorOptions) {
    super(`the model's endpoint ${why}`, { endpoint, why }, options);
  }
}

/** No answer before the deadline. */
export class EndpointTooSlow extends ModeldropError {
  override readonly name = 'EndpointTooSlow';
  readonly status = 504;
  constructor(endpoint: string, ms: number, options?: ErrorOptions) {
    super(`the model's endpoint did not answer within ${ms} ms; send fewer rows`, { endpoint, ms }, options);
  }
}

/** No connection, or none that lasted to an answer. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']);

/** What became of a call that got no answer. */
export const unreachable = (endpoint: string, error: NodeJS.ErrnoException): ModeldropError =>
  UNREACHABLE.has(error.code ?? '')
    ? new EndpointUnavailable(endpoint, 'can not be reached', { cause: error })
    : new EndpointFailed(endpoint, 'gave no answer that can be read', { cause: error });
