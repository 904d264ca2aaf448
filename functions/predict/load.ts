import { expand } from '../../adapters/archive/expand.ts';
import type { EndpointPort } from '../../adapters/endpoint/endpoint-port.ts';
import { onnxPredictor } from '../../adapters/onnx/onnx-predictor.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { type NamedBytes, readBlob, readManifest } from '../../adapters/registry/versions.ts';
import type { StoreReader } from '../../adapters/store/store.ts';
import { VersionNotFound } from '../../models/errors.ts';
import { load as read } from '../../models/formats/load.ts';
import type { Manifest } from '../../models/manifest.ts';
import { nativePredictor } from '../../models/native.ts';
import { modelBlobs } from '../http/model-blobs.ts';
import type { LoadedModel } from './model-cache.ts';

/** A model's numbers take more room as typed arrays and objects than as text. */
const MEMORY_PER_BYTE = 3;

/** A session of ONNX Runtime, beside the model: its code and its first memory. */
const RUNTIME_BYTES = 64 * 1024 * 1024;

/** Loads a version from the registry, every byte checked against its manifest. @throws VersionNotFound, BlobCorrupt */
export const loadFrom =
  (store: StoreReader, openOnnx: OpenSession, endpoint?: EndpointPort) =>
  async (model: string, version: number): Promise<LoadedModel> => {
    const manifest = await readManifest(store, model, version);
    if (manifest === undefined) throw new VersionNotFound(model, String(version));
    if (manifest.triton) return loadForwarder(manifest, manifest.triton, endpoint);
    if (manifest.onnx) return loadOnnx(store, manifest, openOnnx);
    const [{ bytes }, range] = await filesOf(store, manifest);
    return {
      manifest,
      predictor: nativePredictor(read(manifest, bytes, range)),
      bytes: bytes.length * MEMORY_PER_BYTE,
    };
  };

/** Nothing of the model lies here but its manifest. */
const FORWARDER_BYTES = 64 * 1024;

/** @throws EndpointUnavailable where there is no endpoint (any more) */
async function loadForwarder(
  manifest: Manifest,
  archive: string,
  endpoint: EndpointPort | undefined,
): Promise<LoadedModel> {
  const { EndpointUnavailable } = await import('../../adapters/endpoint/failures.ts');
  if (endpoint === undefined) throw new EndpointUnavailable('none', 'is not set up here');
  const { endpointPredictor } = await import('../../adapters/endpoint/endpoint-predictor.ts');
  const model = { signature: manifest.signature, endpoint: endpoint.name, target: `${archive}.tar.gz` };
  return { manifest, predictor: endpointPredictor(model, endpoint.invoke), bytes: FORWARDER_BYTES };
}

/** What reads ONNX files is imported when the first one is served. */
async function loadOnnx(store: StoreReader, manifest: Manifest, openOnnx: OpenSession): Promise<LoadedModel> {
  const [file, ...beside] = await filesOf(store, manifest);
  const { servable } = await import('../../models/formats/onnx/servable.ts');
  const bytes = servable(expand(file), beside);
  return {
    manifest,
    predictor: onnxPredictor(manifest.signature, await openOnnx(bytes)),
    bytes: RUNTIME_BYTES + bytes.length * MEMORY_PER_BYTE,
  };
}

const filesOf = async (store: StoreReader, manifest: Manifest) =>
  (await Promise.all(
    modelBlobs(manifest).map(async (blob) => ({ name: blob.file, bytes: await readBlob(store, blob) })),
  )) as [NamedBytes, ...NamedBytes[]];
