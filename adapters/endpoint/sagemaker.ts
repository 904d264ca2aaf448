import {
  InvokeEndpointCommand,
  ModelError,
  type SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime';
import type { ModeldropError } from '../../models/errors.ts';
import { EndpointFailed, EndpointModelRefused, EndpointThrottled, EndpointUnavailable } from './failures.ts';
import type { Invoke } from './invoke.ts';

/** Triton's word for no memory left on the device. */
const OUT_OF_MEMORY = 507;
const THROTTLED = new Set(['ThrottlingException', 'TooManyRequestsException', 'Throttling']);
/** Nothing was run: the model is still on its way, or the service has no room for the call. */
const NOT_YET: Readonly<Record<string, string>> = {
  ModelNotReadyException: 'is still loading it',
  ServiceUnavailable: 'is not available at present',
  ServiceUnavailableException: 'is not available at present',
};
/** No connection, or none that lasted to an answer. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']);

/** Calls one SageMaker endpoint, once: the client that it is given must make no tries of its own. */
export const sagemakerInvoke =
  (client: SageMakerRuntimeClient, endpoint: string): Invoke =>
  async ({ target, contentType, body }, signal) => {
    try {
      const answer = await client.send(
        new InvokeEndpointCommand({
          EndpointName: endpoint,
          Body: body,
          ContentType: contentType,
          Accept: contentType.split(';')[0],
          ...(target !== undefined && { TargetModel: target }),
        }),
        { abortSignal: signal },
      );
      return { contentType: answer.ContentType ?? '', body: answer.Body ?? new Uint8Array() };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw failureOf(error, endpoint);
    }
  };

/** RELIABILITY's map of what an endpoint may do wrong. */
function failureOf(error: unknown, endpoint: string): ModeldropError {
  const options = { cause: error };
  if (error instanceof ModelError) {
    const original = error.OriginalStatusCode ?? 500;
    if (original === OUT_OF_MEMORY) return new EndpointUnavailable(endpoint, 'has no memory left for it', options);
    if (original >= 400 && original < 500) return new EndpointModelRefused(endpoint, original, options);
    return new EndpointFailed(endpoint, `broke on this call: its container answered ${original}`, options);
  }
  if (error instanceof SageMakerRuntimeServiceException) {
    const why = NOT_YET[error.name];
    if (why) return new EndpointUnavailable(endpoint, why, options);
    if (THROTTLED.has(error.name)) return new EndpointThrottled(endpoint, options);
    return new EndpointFailed(endpoint, 'failed inside', options);
  }
  const { code, name } = error as NodeJS.ErrnoException;
  if (UNREACHABLE.has(code ?? '') || name === 'TimeoutError') {
    return new EndpointUnavailable(endpoint, 'can not be reached', options);
  }
  return new EndpointFailed(endpoint, 'gave no answer that can be read', options);
}
