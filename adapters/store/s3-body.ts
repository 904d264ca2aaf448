/** A body on its way, and how long it will be. */
export interface AnnouncedBody {
  readonly Body?: AsyncIterable<Uint8Array> | undefined;
  readonly ContentLength?: number | undefined;
}

/** The body is not as long as S3 announced. */
export class BodyDamaged extends Error {
  override readonly name = 'BodyDamaged';
  constructor(announced: number | undefined, found: number) {
    super(`S3 announced ${announced} bytes and sent ${found}`);
  }
}

/**
 * The whole body of an answer, in one allocation.
 *
 * @throws BodyDamaged where it is cut short or runs over; the SDK's Error where its checksum is not the one S3 sent
 */
export async function bodyOf({ Body, ContentLength = 0 }: AnnouncedBody): Promise<Uint8Array> {
  const bytes = new Uint8Array(ContentLength);
  let length = 0;
  for await (const chunk of Body ?? []) {
    if (length + chunk.length > ContentLength) throw new BodyDamaged(ContentLength, length + chunk.length);
    bytes.set(chunk, length);
    length += chunk.length;
  }
  if (length < ContentLength) throw new BodyDamaged(ContentLength, length);
  return bytes;
}

/** Slower than the smallest Lambda function's share of the network. */
const BYTES_PER_MS = 5_000;

/** Milliseconds that a body of this size may take. */
export const timeFor = (bytes: number): number => bytes / BYTES_PER_MS;
