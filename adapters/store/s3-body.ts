import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';

/** The bytes that came are not those that S3 announced. */
export class BodyDamaged extends Error {
  override readonly name = 'BodyDamaged';
}

/**
 * The whole body of an answer, in one allocation. The SDK compares its checksum on the way, where S3 sent one.
 *
 * @throws BodyDamaged where it is cut short, runs over, or has another checksum
 */
export async function bodyOf({ Body, ContentLength }: GetObjectCommandOutput, signal: AbortSignal): Promise<Uint8Array> {
  if (Body === undefined || ContentLength === undefined) throw new BodyDamaged('an answer without a body or its length');
  const bytes = new Uint8Array(ContentLength);
  let length = 0;
  for await (const chunk of chunksOf(Body as AsyncIterable<Uint8Array>, signal)) {
    if (length + chunk.length > ContentLength) throw new BodyDamaged(`more than the ${ContentLength} bytes announced`);
    bytes.set(chunk, length);
    length += chunk.length;
  }
  if (length < ContentLength) throw new BodyDamaged(`${length} bytes instead of the ${ContentLength} announced`);
  return bytes;
}

/** Leaving the loop, by the signal too, closes the stream and its connection. */
async function* chunksOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new BodyDamaged('the body broke off, or its checksum differs', { cause });
  }
}
