import { decodeImage } from '../../../adapters/image/decode-image.ts';
import { imageTensor } from '../../../models/image/image-tensor.ts';
import { IMAGE_TYPES, type ImageType } from '../../../models/image/image-types.ts';
import type { Manifest } from '../../../models/manifest.ts';
import type { Call } from '../call.ts';
import { MediaTypeNotSupported } from '../errors.ts';
import { mediaType } from '../media-type.ts';
import type { Exchange } from './exchange.ts';
import { encodePredictions } from './predictions.ts';

/**
 * One image, as a file: a row. With `?probabilities=true` its answer is `{label, probabilities}`.
 * @throws MediaTypeNotSupported where the model declares no images, or none of this type; MalformedRequest, UnfitInput
 */
export async function exchangeImage(call: Call, manifest: Manifest): Promise<Exchange> {
  if (manifest.image === undefined) {
    const why = 'this model declares no "image" in its drop.json; send tensors or rows';
    throw new MediaTypeNotSupported(mediaType(call), ['application/json'], why);
  }
  const type = imageType(call);
  const inputs = imageTensor(await decodeImage(call.body(), type), manifest.image, manifest.signature);
  return { inputs, encode: (outcome) => encodePredictions(outcome, manifest, call.query.probabilities === 'true') };
}

function imageType(call: Call): ImageType {
  const type = mediaType(call) as ImageType;
  if (IMAGE_TYPES.includes(type)) return type;
  throw new MediaTypeNotSupported(type, IMAGE_TYPES, 'images of other types are not decoded');
}
