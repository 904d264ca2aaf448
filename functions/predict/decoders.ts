import type { Decode, Exchange } from '../http/dialects/exchange.ts';
import { decodeMlflow } from '../http/dialects/mlflow.ts';
import { decodeSagemaker } from '../http/dialects/sagemaker.ts';
import { decodeV1, decodeV1Explain } from '../http/dialects/v1.ts';
import { decodeV2 } from '../http/dialects/v2.ts';
import { MediaTypeNotSupported } from '../http/errors.ts';
import { mediaType } from '../http/media-type.ts';

/** Of a dialect, or of a file that has to be decoded first. */
export type Decoder = (...call: Parameters<Decode>) => Exchange | Promise<Exchange>;

/** Most calls bring no image, nor need what decodes one. */
const withImages =
  (decode: Decode): Decoder =>
  (call, manifest) =>
    mediaType(call).startsWith('image/')
      ? import('../http/dialects/image.ts').then(({ exchangeImage }) => exchangeImage(call, manifest))
      : decode(call, manifest);

/** Other types are read as the protocol's, whatever they are: curl and Triton's clients name none that is right. */
const withoutImages =
  (decode: Decode): Decoder =>
  (call, manifest) => {
    const type = mediaType(call);
    if (!type.startsWith('image/')) return decode(call, manifest);
    throw new MediaTypeNotSupported(type, ['application/json'], 'images are taken by :predict and /invocations');
  };

/** How each operation that predicts reads its request. */
export const decoders: Readonly<Record<string, Decoder>> = {
  inferV2: withoutImages(decodeV2),
  predictV1: withImages(decodeV1),
  explainV1: withoutImages(decodeV1Explain),
  scoreMlflow: withImages(decodeMlflow),
  invokeSagemaker: withImages(decodeSagemaker),
};
