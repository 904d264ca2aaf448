import {
  type DeleteMarkerEntry,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Failure } from '../failures.ts';

/**
 * Takes everything out of a bucket, all versions and delete markers, page by page: CloudFormation deletes no bucket
 * that holds anything.
 * @param removed is told the number so far
 * @throws Failure naming the first object that stays
 */
export async function emptyBucket(client: S3Client, Bucket: string, removed: (count: number) => void): Promise<void> {
  for (let count = 0; ; removed(count)) {
    // From the start each time: what was listed is gone.
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(identifier);
    if (Objects.length === 0) return;
    const { Errors: [stays] = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    if (stays !== undefined) throw new Failure(`${Bucket}/${stays.Key} can't be deleted: ${stays.Message}`);
    count += Objects.length;
  }
}

/** A page's entries say more than a deletion takes. */
const identifier = ({ Key, VersionId }: DeleteMarkerEntry): ObjectIdentifier => ({ Key, VersionId });
