import { onnxPredictor } from '../../adapters/onnx/onnx-predictor.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { cascadePredictor } from '../../models/cascade/cascade-predictor.ts';
import { ModeldropError } from '../../models/errors.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import { load } from '../../models/formats/load.ts';
import { servable } from '../../models/formats/onnx/servable.ts';
import { parseLabels } from '../../models/labels.ts';
import { nativePredictor } from '../../models/native.ts';
import type { Predictor } from '../../models/predictor.ts';
import { expand } from '../http/expand.ts';
import { isRange } from '../http/inbox.ts';
import { largeModel } from '../http/large-model.ts';
import { modelBlobs } from '../http/model-blobs.ts';
import type { ServingVersion } from '../http/verification.ts';
import type { Contender } from './contender.ts';

/** The version that serves, ready to be asked beside a new one; or why it can't be. */
export type ServingModel = { readonly version: number } & (Contender | { readonly why: string });

/**
 * A serving version that is damaged keeps no new one from taking its place.
 * @param contents of the blobs that it is loaded from, in their order
 */
export async function servingModel(
  serving: ServingVersion,
  contents: readonly Uint8Array[],
  openOnnx: OpenSession,
): Promise<ServingModel> {
  const { version } = serving;
  const blobs = modelBlobs(serving);
  if (blobs.some((blob, i) => sha256(contents[i] as Uint8Array) !== blob.sha256))
    return { version, why: 'its file in the registry is damaged or missing' };
  const files = blobs.map(({ file }, i) => ({ name: file, bytes: contents[i] as Uint8Array }));
  try {
    return { version, content: serving, predictor: await predictorOf(serving, files, openOnnx) };
  } catch (error) {
    if (!(error instanceof ModeldropError)) throw error;
    return { version, why: error.message };
  }
}

async function predictorOf(
  serving: ServingVersion,
  files: readonly ModelFile[],
  openOnnx: OpenSession,
): Promise<Predictor> {
  const [file, ...beside] = files as [ModelFile, ...ModelFile[]];
  if (serving.onnx === undefined) {
    const small = nativePredictor(
      load(
        serving,
        file.bytes,
        beside.find(({ name }) => isRange(name)),
      ),
    );
    const { cascade, labels } = serving;
    if (cascade === undefined || labels === undefined) return small;
    const large = onnxPredictor(cascade.large.signature, await openOnnx(largeModel(cascade, beside)));
    return cascadePredictor({ small, large, labels: parseLabels(labels), cascade });
  }
  return onnxPredictor(serving.signature, await openOnnx(servable(expand(file), beside)));
}
