import { checkImage } from '../image/image-spec.ts';
import type { ManifestContent } from '../manifest.ts';
import { readCascadeArchive } from './cascade/cascade-archive.ts';
import { type CascadeInspection, inspectCascade } from './cascade/inspect-cascade.ts';
import type { ModelFile } from './format.ts';
import { type Companions, examplesOf, type Inspection, inspect } from './inspect.ts';
import { readOnnx } from './onnx/onnx.ts';
import { recognises } from './onnx/recognise.ts';
import { checkConfig } from './triton/check-config.ts';
import { unpack } from './triton/unpack.ts';

/** An ONNX model, by itself or in a Triton repository: all of its manifest but the blobs, and what ONNX Runtime is given. */
export interface OnnxInspection {
  readonly content: Omit<ManifestContent, 'blobs'>;
  readonly onnx: Uint8Array;
}

export interface DroppedCompanions extends Companions {
  /** Other files beside the model, which may hold its tensors. */
  readonly siblings?: readonly ModelFile[];
}

/**
 * Reads any model file that is served, and its companions. Nothing in them is executed.
 * @throws ModelFileRefused naming file, place, rule and value
 */
export function inspectDropped(
  dropped: ModelFile,
  companions: DroppedCompanions,
): Inspection | OnnxInspection | CascadeInspection {
  const inspection = inspectFile(dropped, companions);
  const { image } = companions.declared ?? {};
  if (image === undefined) return inspection;
  checkImage(image, inspection.content.signature);
  return { ...inspection, content: { ...inspection.content, image } };
}

function inspectFile(
  dropped: ModelFile,
  companions: DroppedCompanions,
): Inspection | OnnxInspection | CascadeInspection {
  const archive = readCascadeArchive(dropped);
  if (archive) return inspectCascade(archive, companions);
  const { file, siblings, config } = unpack(dropped, companions.siblings ?? []);
  if (!recognises(file.bytes)) return inspect(file, companions);
  const { declared = {}, examples } = companions;
  const { bytes, features, types, missing, labels, signature, onnx } = readOnnx(file, siblings, declared);
  if (config) checkConfig(config, signature);
  return {
    onnx: bytes,
    content: {
      format: 'onnx',
      kind: 'onnx',
      features: [...features],
      ...(types && { types }),
      ...(missing && { missing: [...missing] }),
      ...(labels && { labels: [...labels.values] }),
      signature,
      onnx,
      preparation: [],
      examples: examplesOf(examples) ?? [],
    },
  };
}
