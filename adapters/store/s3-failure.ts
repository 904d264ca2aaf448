import { S3ServiceException } from '@aws-sdk/client-s3';
import { StoreForbidden, StoreUnavailable } from './errors.ts';

export type Operation = 'GetObject' | 'PutObject' | 'HeadObject' | 'DeleteObject' | 'ListObjectsV2';

/** Without ListBucket, S3 answers 403 instead of 404 where there is no object. Conditions on a tag need GetObject. */
const PERMISSIONS: Readonly<Record<Operation, string>> = {
  GetObject: 's3:ListBucket (a missing object is then 403 instead of 404), s3:GetObject or kms:Decrypt',
  HeadObject: 's3:ListBucket (a missing object is then 403 instead of 404), s3:GetObject or kms:Decrypt',
  PutObject: 's3:PutObject, s3:GetObject or kms:GenerateDataKey',
  DeleteObject: 's3:DeleteObject or s3:GetObject',
  ListObjectsV2: 's3:ListBucket',
};

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
  if (statusOf(cause) === 403) return new StoreForbidden(path, PERMISSIONS[operation], { cause });
  return new StoreUnavailable(path, { cause });
}
