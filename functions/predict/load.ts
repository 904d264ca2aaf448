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
import type { Predictor } from '../../models/predictor.ts';
import { isRange } from '../http/inbox.ts';
import { modelBlobs } from '../http/model-blobs.ts';
import type { LargePorts } from './cascade.ts';
import { forwarder } from './forwarder.ts';
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
    if (isCascade(manifest)) return loadCascade(store, manifest, { openOnnx, endpoint });
    if (manifest.triton) {
      const predictor = await forwarder({ ...manifest, triton: manifest.triton }, endpoint);
      return { manifest, predictor, bytes: FORWARDER_BYTES };
    }
    if (manifest.onnx) return loadOnnx(store, manifest, openOnnx);
    const files = await filesOf(store, manifest);
    return { manifest, predictor: nativeIn(manifest, files), bytes: sizeOf(files) };
  };

/** Nothing of the model lies here but its manifest. */
const FORWARDER_BYTES = 64 * 1024;

type CascadeManifest = Manifest & Required<Pick<Manifest, 'cascade'>>;

const isCascade = (manifest: Manifest): manifest is CascadeManifest => manifest.cascade !== undefined;

/** A large model on the endpoint is not read here. */
async function loadCascade(store: StoreReader, manifest: CascadeManifest, ports: LargePorts): Promise<LoadedModel> {
  const { blobs, triton } = manifest;
  const files = await filesOf(store, triton ? { blobs } : manifest);
  const { cascadeOf } = await import('./cascade.ts');
  return {
    manifest,
    predictor: await cascadeOf(manifest, nativeIn(manifest, files), files, ports),
    bytes: sizeOf(files) + (triton ? FORWARDER_BYTES : RUNTIME_BYTES),
  };
}

function nativeIn(manifest: Manifest, [file, ...beside]: readonly [NamedBytes, ...NamedBytes[]]): Predictor {
  const range = beside.find(({ name }) => isRange(name));
  return nativePredictor(read(manifest, file.bytes, range));
}

const sizeOf = (files: readonly NamedBytes[]): number =>
  files.reduce((total, { bytes }) => total + bytes.length, 0) * MEMORY_PER_BYTE;

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

const filesOf = async (store: StoreReader, manifest: Parameters<typeof modelBlobs>[0]) =>
  (await Promise.all(
    modelBlobs(manifest).map(async (blob) => ({ name: blob.file, bytes: await readBlob(store, blob) })),
  )) as [NamedBytes, ...NamedBytes[]];
