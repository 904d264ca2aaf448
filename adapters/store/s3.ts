import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { backOff } from './backoff.ts';
import { type Clock, within } from './deadline.ts';
import { checkPath, checkPrefix, isPath } from './path.ts';
import { type AnnouncedBody, bodyOf, timeFor } from './s3-body.ts';
import { isMissing, statusOf, storeFailure } from './s3-failure.ts';
import type { Operation } from './s3-permissions.ts';
import { tagOf } from './s3-tag.ts';
import { deleteIf, putIf, type Target } from './s3-write.ts';
import type { Store, Stored } from './store.ts';

export interface S3StoreOptions {
  readonly bucket: string;
  /** See `s3Client`, whose timeouts and retries this store counts on. */
  readonly client: S3Client;
  /** Within which a question is answered or given up, its retries included. Large bodies get more, by their size. */
  readonly deadlineMs?: number;
}

/**
 * A Store in an S3 bucket. An object's tag is its ETag, with the quotes that S3 puts around it.
 *
 * Its role needs GetObject, PutObject and DeleteObject on what it uses, and ListBucket: without that, S3 answers 403
 * where there is no object, and this store StoreForbidden.
 */
export const s3Store = (options: S3StoreOptions): Store => new S3(options);

const DEADLINE_MS = 8_000;
const BODY_TRIES = 3;

class S3 implements Store {
  readonly #bucket: string;
  readonly #client: S3Client;
  readonly #deadlineMs: number;

  constructor({ bucket, client, deadlineMs = DEADLINE_MS }: S3StoreOptions) {
    this.#bucket = bucket;
    this.#client = client;
    this.#deadlineMs = deadlineMs;
  }

  async read(path: string): Promise<Stored | undefined> {
    checkPath(path);
    return this.#asking('GetObject', path, (clock) => this.#get(path, clock).catch(undefinedWhereMissing));
  }

  async revalidate(path: string, etag: string): Promise<Stored | 'unchanged' | undefined> {
    checkPath(path);
    return this.#asking('GetObject', path, (clock) =>
      this.#get(path, clock, etag).catch((error) =>
        statusOf(error) === 304 ? 'unchanged' : undefinedWhereMissing(error),
      ),
    );
  }

  async create(path: string, bytes: Uint8Array): Promise<string | undefined> {
    checkPath(path);
    return this.#put(path, bytes, undefined);
  }

  async replace(path: string, bytes: Uint8Array, etag: string): Promise<string | undefined> {
    checkPath(path);
    return this.#put(path, bytes, etag);
  }

  async delete(path: string, etag: string): Promise<boolean> {
    checkPath(path);
    return this.#asking('DeleteObject', path, (clock) => deleteIf(this.#target(path, clock), etag));
  }

  async discard(path: string): Promise<void> {
    checkPath(path);
    const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: path });
    await this.#asking('DeleteObject', path, ({ signal }) => this.#client.send(command, { abortSignal: signal }));
  }

  async list(prefix: string): Promise<string[]> {
    checkPrefix(prefix);
    const paths: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#page(prefix, token);
      for (const { Key = '' } of page.Contents ?? []) paths.push(decoded(Key));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    // In S3's own order, which is by code point. What is no path of ours, such as a console's folder, is not listed.
    return paths.filter(isPath);
  }

  async #get(path: string, clock: Clock, etag?: string): Promise<Stored> {
    const { signal } = clock;
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: path, IfNoneMatch: etag });
    for (let tries = 1; ; tries++) {
      const answer = await this.#client.send(command, { abortSignal: signal });
      clock.extend(timeFor(answer.ContentLength ?? 0));
      try {
        return { bytes: await bodyOf(answer as AnnouncedBody), etag: tagOf(answer) };
      } catch (error) {
        // The SDK retries up to the headers: a body that breaks off or is damaged comes after.
        if (signal.aborted || tries === BODY_TRIES) throw error;
      }
      await backOff(tries, signal);
    }
  }

  #put(path: string, bytes: Uint8Array, after: string | undefined): Promise<string | undefined> {
    return this.#asking('PutObject', path, (clock) => {
      clock.extend(timeFor(bytes.length));
      return putIf(this.#target(path, clock), bytes, after);
    });
  }

  #page(prefix: string, token: string | undefined) {
    // Some characters that S3 takes in a key can't stand in its XML.
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: prefix,
      ContinuationToken: token,
      EncodingType: 'url',
    });
    return this.#asking('ListObjectsV2', prefix, ({ signal }) => this.#client.send(command, { abortSignal: signal }));
  }

  #target(path: string, { signal }: Clock): Target {
    return { client: this.#client, Bucket: this.#bucket, Key: path, signal };
  }

  async #asking<T>(operation: Operation, path: string, work: (clock: Clock) => Promise<T>): Promise<T> {
    try {
      return await within(this.#deadlineMs, work);
    } catch (error) {
      throw storeFailure(operation, path, error);
    }
  }
}

const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

function undefinedWhereMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
