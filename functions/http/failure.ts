import { ModeldropError } from '../../models/errors.ts';
import { type Answer, json } from './answer.ts';
import { EncodingNotSupported, MediaTypeNotSupported, MethodNotAllowed } from './errors.ts';
import type { Dialect } from './routes.ts';

/** A body that says what was wrong, in the shape that the dialect's clients read. `error` is in every one. */
type Shape = (message: string, error: Error, status: number) => Record<string, unknown>;

const plain: Shape = (message) => ({ error: message });

const shapes: Readonly<Record<Dialect, Shape>> = {
  modeldrop: plain,
  v1: plain,
  v2: plain,
  mlflow: (message, _, status) => ({ error_code: mlflowCodes[status] ?? 'INTERNAL_ERROR', message, error: message }),
  sagemaker: (message, error, status) => ({
    ErrorCode: sagemakerCode(error, status),
    Message: message,
    error: message,
  }),
};

const mlflowCodes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  405: 'ENDPOINT_NOT_FOUND',
  409: 'RESOURCE_CONFLICT',
  413: 'INVALID_PARAMETER_VALUE',
  415: 'BAD_REQUEST',
  422: 'INVALID_PARAMETER_VALUE',
  429: 'REQUEST_LIMIT_EXCEEDED',
  503: 'TEMPORARILY_UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const sagemakerCode = (_: Error, status: number): string =>
  status === 503 ? 'ServiceUnavailable' : status >= 500 ? 'InternalFailure' : 'ValidationError';

const RETRY_AFTER_SECONDS = '1';

/** The answer to a failed call: the one place where an error becomes HTTP. What is unknown stays inside. */
export function failure(error: unknown, dialect: Dialect, requestId: string): Answer {
  const known = error instanceof ModeldropError;
  const status = known ? error.status : 500;
  const message = known ? error.message : `something went wrong on our side; quote request id ${requestId}`;
  return json(shapes[dialect](message, error as Error, status), status, {
    ...(error instanceof MethodNotAllowed && { allow: error.allow.join(', ') }),
    // Which of the two was meant is told by which is there: RFC 9110, section 15.5.16.
    ...(error instanceof MediaTypeNotSupported && { accept: error.accept.join(', ') }),
    ...(error instanceof EncodingNotSupported && { 'accept-encoding': 'gzip, deflate, identity' }),
    ...((status === 503 || status === 429) && { 'retry-after': RETRY_AFTER_SECONDS }),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(dialect === 'sagemaker' && { 'x-amzn-errortype': sagemakerCode(error as Error, status) }),
  });
}

/** The dialect of a path that no route has: its clients still get errors in their shape. */
export function dialectOf(path: string): Dialect {
  if (/\/endpoints\//.test(path)) return 'sagemaker';
  if (/\/invocations$/.test(path)) return 'mlflow';
  return 'v2';
}
