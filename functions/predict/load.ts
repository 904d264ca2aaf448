import { readBlob, readManifest } from '../../adapters/registry/versions.ts';
import type { StoreReader } from '../../adapters/store/store.ts';
import { VersionNotFound } from '../../models/errors.ts';
import { load as read } from '../../models/formats/load.ts';
import type { Blob } from '../../models/manifest.ts';
import { nativePredictor } from '../../models/native.ts';
import { isRange } from '../http/inbox.ts';
import type { LoadedModel } from './model-cache.ts';

/** A model's numbers take more room as typed arrays and objects than as text. */
const MEMORY_PER_BYTE = 3;

/** Loads a version from the registry, every byte checked against its manifest. @throws VersionNotFound, BlobCorrupt */
export const loadFrom =
  (store: StoreReader) =>
  async (model: string, version: number): Promise<LoadedModel> => {
    const manifest = await readManifest(store, model, version);
    if (manifest === undefined) throw new VersionNotFound(model, String(version));
    const [modelFile] = manifest.blobs as [Blob, ...Blob[]];
    const bytes = await readBlob(store, modelFile);
    const range = manifest.blobs.find(({ file, bytes: size }) => isRange(file) && size > 0);
    const scaling = range && { name: range.file, bytes: await readBlob(store, range) };
    return {
      manifest,
      predictor: nativePredictor(read(manifest, bytes, scaling)),
      bytes: bytes.length * MEMORY_PER_BYTE,
    };
  };
