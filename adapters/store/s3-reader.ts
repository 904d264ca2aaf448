import type { IncomingMessage } from 'node:http';
import type { AwsSession } from './aws-session.ts';
import { backOff } from './backoff.ts';
import { type Clock, within } from './deadline.ts';
import { checkPath } from './path.ts';
import { type S3Address, s3Addresses } from './s3-address.ts';
import { bodyOf, timeFor } from './s3-body.ts';
import { verifyChecksum } from './s3-checksum.ts';
import { type S3Get, s3Get } from './s3-get.ts';
import { failureOf } from './s3-permissions.ts';
import { isNoSuchKey, isPassing, isThrottling, refusalOf, S3Refusal } from './s3-refusal.ts';
import { tagOf } from './s3-tag.ts';
import type { Stored, StoreReader } from './store.ts';

export interface S3ReaderOptions {
  readonly bucket: string;
  readonly session: AwsSession;
  /** Within which a question is answered or given up, its retries included. Large bodies get more, by their size. */
  readonly deadlineMs?: number;
}

/**
 * The reading half of a Store in an S3 bucket, with `s3Store`'s answers and errors, and without the SDK: whoever only
 * reads starts in a fraction of the time.
 */
export const s3Reader = (options: S3ReaderOptions): StoreReader => new S3Reader(options);

const DEADLINE_MS = 8_000;
const TRIES = 4;
/** As if so many tries had failed before: what is asked for less often should be. */
const THROTTLED_TRIES = 3;

class S3Reader implements StoreReader {
  readonly #addressOf: (key: string) => S3Address;
  readonly #get: S3Get;
  readonly #deadlineMs: number;

  constructor({ bucket, session, deadlineMs = DEADLINE_MS }: S3ReaderOptions) {
    this.#addressOf = s3Addresses(bucket, session);
    this.#get = s3Get(session);
    this.#deadlineMs = deadlineMs;
  }

  async read(path: string): Promise<Stored | undefined> {
    // No object has no tag: nothing is ever unchanged.
    return (await this.#ask(path, undefined)) as Stored | undefined;
  }

  async revalidate(path: string, etag: string): Promise<Stored | 'unchanged' | undefined> {
    return this.#ask(path, etag);
  }

  async #ask(path: string, etag: string | undefined): Promise<Stored | 'unchanged' | undefined> {
    checkPath(path);
    try {
      return await within(this.#deadlineMs, (clock) => this.#persist(path, etag, clock));
    } catch (error) {
      if (isNoSuchKey(error)) return undefined;
      throw failureOf('GetObject', path, error instanceof S3Refusal ? error.status : undefined, error);
    }
  }

  async #persist(path: string, etag: string | undefined, clock: Clock): Promise<Stored | 'unchanged'> {
    const { signal } = clock;
    const address = this.#addressOf(path);
    for (let tries = 1; ; tries++) {
      try {
        return await stored(await this.#get(address, { etag, signal, anew: tries > 1 }), clock);
      } catch (error) {
        if (signal.aborted || tries === TRIES || !isPassing(error)) throw error;
        await backOff(isThrottling(error) ? tries + THROTTLED_TRIES : tries, signal);
      }
    }
  }
}

async function stored(answer: IncomingMessage, clock: Clock): Promise<Stored | 'unchanged'> {
  const { statusCode = 0, headers } = answer;
  const announced = Number(headers['content-length'] ?? 0);
  clock.extend(timeFor(announced));
  if (statusCode === 200) {
    const bytes = await bodyOf({ Body: answer, ContentLength: announced });
    verifyChecksum(headers, bytes);
    return { bytes, etag: tagOf({ ETag: headers.etag }) };
  }
  const words = await answer.toArray();
  if (statusCode === 304) return 'unchanged';
  throw refusalOf(statusCode, Buffer.concat(words));
}
