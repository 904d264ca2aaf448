import { decodeImage } from '../../../adapters/image/decode-image.ts';
import { UnfitInput } from '../../../models/errors.ts';
import { imageTensor } from '../../../models/image/image-tensor.ts';
import { IMAGE_TYPES, type ImageType } from '../../../models/image/image-types.ts';
import type { Manifest } from '../../../models/manifest.ts';
import type { Call } from '../call.ts';
import { mediaType } from '../media-type.ts';
import type { Exchange } from './exchange.ts';
import { encodePredictions } from './predictions.ts';

/**
 * One image, as a file: a row. With `?probabilities=true` its answer is `{label, probabilities}`.
 * @throws UnfitInput where the model declares no images; MalformedRequest
 */
export async function exchangeImage(call: Call, manifest: Manifest): Promise<Exchange> {
  const type = imageType(call);
  if (manifest.image === undefined) {
    const rule = 'must not be an image: this model declares no "image" in its drop.json; send tensors or rows';
    throw new UnfitInput({ where: 'header Content-Type', rule, found: type });
  }
  const inputs = imageTensor(await decodeImage(call.body(), type), manifest.image, manifest.signature);
  return { inputs, encode: (outcome) => encodePredictions(outcome, manifest, call.query.probabilities === 'true') };
}

function imageType(call: Call): ImageType {
  const type = mediaType(call) as ImageType;
  if (IMAGE_TYPES.includes(type)) return type;
  throw new UnfitInput({ where: 'header Content-Type', rule: `must be ${IMAGE_TYPES.join(' or ')}`, found: type });
}
