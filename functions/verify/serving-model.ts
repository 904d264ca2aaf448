import { sha256 } from '../../adapters/registry/sha256.ts';
import { ModeldropError } from '../../models/errors.ts';
import { load } from '../../models/formats/load.ts';
import type { NativeModel } from '../../models/native.ts';
import { modelBlobs } from '../http/model-blobs.ts';
import type { ServingVersion } from '../http/verification.ts';

/** The version that serves, ready to be asked beside a new one; or why it can't be. */
export type ServingModel = { readonly version: number } & ({ readonly model: NativeModel } | { readonly why: string });

/**
 * A serving version that is damaged keeps no new one from taking its place.
 * @param contents of the blobs that it is loaded from, in their order
 */
export function servingModel(serving: ServingVersion, contents: readonly Uint8Array[]): ServingModel {
  const { version, format } = serving;
  if (format === 'onnx') return { version, why: 'it is an ONNX model, which is not asked here' };
  const files = modelBlobs(serving).map((blob, i) => ({ ...blob, name: blob.file, bytes: contents[i] as Uint8Array }));
  if (files.some((file) => sha256(file.bytes) !== file.sha256))
    return { version, why: 'its file in the registry is damaged' };
  const [file, range] = files as [(typeof files)[0], ...typeof files];
  try {
    return { version, model: load(serving, file.bytes, range) };
  } catch (error) {
    if (!(error instanceof ModeldropError)) throw error;
    return { version, why: error.message };
  }
}
