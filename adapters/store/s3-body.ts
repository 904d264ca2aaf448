import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';

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
export async function bodyOf({ Body, ContentLength = 0 }: GetObjectCommandOutput): Promise<Uint8Array> {
  const bytes = new Uint8Array(ContentLength);
  let length = 0;
  for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
    if (length + chunk.length > ContentLength) throw new BodyDamaged(ContentLength, length + chunk.length);
    bytes.set(chunk, length);
    length += chunk.length;
  }
  if (length < ContentLength) throw new BodyDamaged(ContentLength, length);
  return bytes;
}
