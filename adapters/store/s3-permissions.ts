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

/** A failure of the store by the status that S3 answered, if it did. */
export function failureOf(
  operation: Operation,
  path: string,
  status: number | undefined,
  cause: unknown,
): StoreUnavailable {
  if (status === 403) return new StoreForbidden(path, PERMISSIONS[operation], { cause });
  return new StoreUnavailable(path, { cause });
}
