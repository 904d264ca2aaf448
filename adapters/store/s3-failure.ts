import { S3ServiceException } from '@aws-sdk/client-s3';
import { StoreUnavailable } from './errors.ts';
import { failureOf, type Operation } from './s3-permissions.ts';

export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** There is no such object. A bucket that is not there is no such answer, but a failure. */
export const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');

/** The condition of a write did not hold. */
export const isLost = (error: unknown): boolean => statusOf(error) === 412 || isMissing(error);

/** Another write of the same object was under way: S3 asks to try again, and this one has changed nothing. */
export const isConflict = (error: unknown): boolean => statusOf(error) === 409;

/** Whether the SDK tried more than once: an earlier try may have done the work and lost its answer. */
export const wasRetried = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.$metadata.attempts ?? 1) > 1;

/** Whatever S3 or the way to it has failed with, as a failure of the store. */
export function storeFailure(operation: Operation, path: string, cause: unknown): StoreUnavailable {
  if (cause instanceof StoreUnavailable) return cause;
  return failureOf(operation, path, statusOf(cause), cause);
}
