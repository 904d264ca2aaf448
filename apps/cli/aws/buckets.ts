import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { s3Store } from '../../../adapters/store/s3.ts';
import { s3Client } from '../../../adapters/store/s3-client.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { emptyBucket } from './empty-bucket.ts';

/** The buckets of a deployment, reached with the operator's own credentials. */
export interface Buckets {
  store(bucket: string): Store;
  /** Takes everything out of it, all versions. `removed` is told the number so far. */
  empty(bucket: string, removed: (count: number) => void): Promise<void>;
  /** Deletes an empty bucket. One that is gone is no failure. */
  delete(bucket: string): Promise<void>;
}

export function sdkBuckets(region: string, endpoint: string | undefined): Buckets {
  // Stand-ins have no name for each bucket.
  const client = s3Client({ region, ...(endpoint !== undefined && { endpoint, forcePathStyle: true }) });
  return {
    store: (bucket) => s3Store({ bucket, client }),
    empty: (bucket, removed) => emptyBucket(client, bucket, removed).catch(nothingWhereGone),
    delete: (bucket) =>
      client.send(new DeleteBucketCommand({ Bucket: bucket })).then(() => undefined, nothingWhereGone),
  };
}

function nothingWhereGone(error: Error): undefined {
  if (error.name !== 'NoSuchBucket') throw error;
}
