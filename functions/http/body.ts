import { gunzipSync, inflateSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { MalformedRequest } from '../../models/errors.ts';
import { EncodingNotSupported, PayloadTooLarge } from './errors.ts';
import { MAX_BODY_BYTES } from './limits.ts';

interface HandedOver {
  readonly body: Buffer;
  readonly most: number;
}

const handedOver = new WeakMap<APIGatewayProxyEvent, HandedOver>();

/**
 * Hands a body to a function in the same process as the bytes that came in: what the event says of it, they are.
 * @param most bytes that it may be, decoded: more than Lambda carries for one that was never sent in one request
 */
export const handOver = (event: APIGatewayProxyEvent, body: Buffer, most = MAX_BODY_BYTES): unknown =>
  handedOver.set(event, { body, most });

/**
 * The decoded bytes of an event's body.
 * @throws PayloadTooLarge, EncodingNotSupported, MalformedRequest where it does not decompress
 */
export function bodyOf(event: APIGatewayProxyEvent, contentEncoding: string | undefined): Uint8Array {
  const { body: raw, most } = handedOver.get(event) ?? { body: textOf(event), most: MAX_BODY_BYTES };
  const body = decompress(raw, contentEncoding?.trim().toLowerCase() || 'identity');
  if (body.length > most) throw new PayloadTooLarge('request', most);
  return body;
}

const textOf = ({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

const decoders: ReadonlyMap<string, typeof gunzipSync> = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
]);

function decompress(raw: Buffer, encoding: string): Uint8Array {
  if (raw.length === 0) return raw;
  if (encoding === 'identity') return raw;
  const decoder = decoders.get(encoding);
  if (decoder === undefined) throw new EncodingNotSupported(encoding);
  try {
    // The bound holds while inflating, so that a small bomb never becomes large.
    return decoder(raw, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new PayloadTooLarge('request', MAX_BODY_BYTES);
    }
    throw new MalformedRequest({ where: 'body', rule: `must be ${encoding} as Content-Encoding says` }, { cause });
  }
}
