import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { backOff } from './backoff.ts';
import { isConflict, isLost, isMissing, wasRetried } from './s3-failure.ts';
import { tagOf } from './s3-tag.ts';

/** Where a conditional write goes. */
export interface Target {
  readonly client: S3Client;
  readonly Bucket: string;
  readonly Key: string;
  readonly signal: AbortSignal;
}

/** A write lost its answer, and what is there now does not tell what became of it. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  constructor(options: ErrorOptions) {
    super('a write lost its answer, and others have written since', options);
  }
}

/**
 * Puts bytes where nothing is, or over the object tagged `after`. The new tag, or undefined where the condition does
 * not hold.
 *
 * A retry can lose to its own first try, whose answer was lost. So every write carries a nonce, and the tag of what it
 * replaces: where an earlier try may have done the work, the object is read back before a loss is reported.
 *
 * @throws OutcomeUnknown where that does not tell either: others have written in the meantime
 */
export async function putIf(target: Target, bytes: Uint8Array, after: string | undefined): Promise<string | undefined> {
  const { client, Bucket, Key, signal } = target;
  const nonce = randomUUID();
  const put = new PutObjectCommand({
    Bucket,
    Key,
    Body: bytes,
    Metadata: { nonce, ...(after !== undefined && { after }) },
    ...(after === undefined ? { IfNoneMatch: '*' } : { IfMatch: after }),
  });
  return decided(signal, {
    attempt: async () => tagOf(await client.send(put, { abortSignal: signal })),
    refused: undefined,
    async readBack(cause) {
      const present = await head(target);
      if (present?.Metadata?.nonce === nonce) return tagOf(present);
      if (present !== undefined && present.Metadata?.after === after) return undefined;
      throw new OutcomeUnknown({ cause });
    },
  });
}

/**
 * Deletes the object tagged `etag`. False where the condition does not hold.
 *
 * @throws OutcomeUnknown where an answer was lost and others have written since
 */
export async function deleteIf(target: Target, etag: string): Promise<boolean> {
  const { client, Bucket, Key, signal } = target;
  const command = new DeleteObjectCommand({ Bucket, Key, IfMatch: etag });
  return decided(signal, {
    attempt: () => client.send(command, { abortSignal: signal }).then(() => true),
    refused: false,
    async readBack(cause) {
      const present = await head(target);
      // Gone after a try of ours that may have done it.
      if (present === undefined) return true;
      if (present.Metadata?.after === etag) return false;
      throw new OutcomeUnknown({ cause });
    },
  });
}

interface Conditional<T> {
  readonly attempt: () => Promise<T>;
  /** The answer where the condition does not hold. */
  readonly refused: T;
  /** Tells by what is there now whether an earlier try did the work. */
  readonly readBack: (refusal: unknown) => Promise<T>;
}

async function decided<T>(signal: AbortSignal, { attempt, refused, readBack }: Conditional<T>): Promise<T> {
  let unsure = false;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      unsure ||= wasRetried(error);
      if (isLost(error)) return unsure ? readBack(error) : refused;
      if (!isConflict(error)) throw error;
    }
    await backOff(tries, signal);
  }
}

async function head({ client, Bucket, Key, signal }: Target): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal: signal });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
