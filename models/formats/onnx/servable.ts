import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import { unpack } from '../triton/unpack.ts';
import { decode, encode, type OnnxFile } from './decode.ts';
import { bringIn } from './external-data.ts';
import { setLocales } from './string-normalizer.ts';
import { removeZipMaps } from './zip-map.ts';

/**
 * What ONNX Runtime is given for a file, or a Triton repository, that was inspected before.
 * @throws ModelFileRefused where the bytes are not the model that they were
 */
export function servable(published: ModelFile, beside: readonly ModelFile[]): Uint8Array {
  const { file, siblings } = unpack(published, beside);
  const model = decode(file);
  bringIn(model, file.name, siblings);
  mend(model);
  return encodeWhole(model, file.name);
}

/** Changes what onnxruntime-node can't run or answer into what it can. @returns what was changed, in words */
export const mend = (model: OnnxFile): string[] => [...removeZipMaps(model), ...setLocales(model)];

/** A protobuf message, with its tensors inside, ends at 2 GB. */
const MOST_BYTES = 2 ** 31 - 1;

/** @throws ModelFileRefused */
export function encodeWhole(model: OnnxFile, where: string): Uint8Array {
  const bytes = encode(model);
  if (bytes.length > MOST_BYTES) {
    throw new ModelFileRefused({
      where,
      rule: `must be at most ${MOST_BYTES} bytes with its tensors`,
      found: bytes.length,
    });
  }
  return bytes;
}
