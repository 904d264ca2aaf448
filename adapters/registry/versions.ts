import { ModeldropError } from '../../models/errors.ts';
import { type Blob, type Manifest, type ManifestContent, parseManifest } from '../../models/manifest.ts';
import type { Store, StoreReader } from '../store/store.ts';
import { readChannel } from './channels.ts';
import { DocumentCorrupt, decodeAt, encode } from './document.ts';
import { layout } from './layout.ts';
import { sha256 } from './sha256.ts';

/** The stored bytes are not those that the manifest names. Nothing of them is served. */
export class BlobCorrupt extends ModeldropError {
  override readonly name = 'BlobCorrupt';
  readonly status = 503;
  constructor(sha256: string) {
    super('a model file in the registry is damaged or missing; drop the model again', { sha256 });
  }
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Publication {
  readonly model: string;
  readonly content: Omit<ManifestContent, 'blobs'>;
  /** The model file first, then its companions. */
  readonly files: readonly NamedBytes[];
  /** What an endpoint serves it from, if one is to. */
  readonly archive?: Uint8Array;
  readonly by: string;
  readonly at: string;
}

const blobOf = ({ name, bytes }: NamedBytes): Blob => ({ file: name, sha256: sha256(bytes), bytes: bytes.length });

const digestOf = (blobs: readonly Blob[]): string =>
  sha256(blobs.map((blob) => `${blob.file}\0${blob.sha256}\n`).join(''));

/**
 * Stores the files and creates the version that names them. The same content twice is the same version.
 * One create-only write decides the number, so that of many publishers each gets its own.
 */
export async function publish(
  store: Store,
  { model, content, files, archive, by, at }: Publication,
): Promise<Manifest> {
  const blobs = files.map(blobOf);
  const digest = digestOf(blobs);
  const triton = archive && sha256(archive);
  const storeFiles = () =>
    Promise.all([
      ...files.map(({ bytes }, i) => store.create(layout.blob((blobs[i] as Blob).sha256), bytes)),
      ...(archive && triton ? [store.create(layout.triton(triton), archive)] : []),
    ]);
  await storeFiles();
  for (;;) {
    const { versions, next } = await numbers(store, model);
    const twin = await findDigest(store, model, versions, digest);
    if (twin !== undefined) return twin;
    const manifest: Manifest = {
      schema: 1,
      model,
      version: next,
      digest,
      createdAt: at,
      createdBy: by,
      ...content,
      ...(triton && { triton }),
      blobs,
    };
    const etag = await store.create(layout.manifest(model, next), encode(manifest));
    if (etag === undefined) continue;
    if (await isErased(store, model, next)) {
      await store.delete(layout.manifest(model, next), etag);
      continue;
    }
    // An erasure of the same content may have taken a blob since; now that the manifest names it, none will.
    await storeFiles();
    return manifest;
  }
}

/** The versions of a model that are alive, ascending. */
export async function listVersions(store: Store, model: string): Promise<number[]> {
  return (await numbers(store, model)).versions;
}

/** @throws DocumentCorrupt where the manifest is none any more */
export async function readManifest(store: StoreReader, model: string, version: number): Promise<Manifest | undefined> {
  const path = layout.manifest(model, version);
  const stored = await store.read(path);
  if (stored === undefined) return undefined;
  const value = decodeAt(path, stored.bytes);
  try {
    return parseManifest(value);
  } catch (cause) {
    throw new DocumentCorrupt(path, { cause });
  }
}

/** @throws BlobCorrupt where the bytes are missing or not of their SHA-256 */
export async function readBlob(store: StoreReader, blob: Pick<Blob, 'sha256'>): Promise<Uint8Array> {
  const stored = await store.read(layout.blob(blob.sha256));
  if (stored === undefined || sha256(stored.bytes) !== blob.sha256) throw new BlobCorrupt(blob.sha256);
  return stored.bytes;
}

/** Whether the model was erased, this number included, between the look at its numbers and the write. */
const isErased = async (store: Store, model: string, version: number): Promise<boolean> =>
  version < ((await readChannel(store, model))?.first ?? 1);

async function numbers(store: Store, model: string): Promise<{ versions: number[]; next: number }> {
  const [paths, channel] = await Promise.all([store.list(layout.versions(model)), readChannel(store, model)]);
  const all = paths.map((path) => Number(path.split('/')[2])).sort((a, b) => a - b);
  return {
    versions: all.filter((version) => version >= (channel?.first ?? 1)),
    next: Math.max(channel?.next ?? 1, (all.at(-1) ?? 0) + 1),
  };
}

async function findDigest(store: Store, model: string, versions: readonly number[], digest: string) {
  for (const version of versions.toReversed()) {
    const manifest = await readManifest(store, model, version).catch(damaged);
    if (manifest?.digest === digest) return manifest;
  }
  return undefined;
}

/** What nobody can read any more is nobody's twin: the same content becomes a version anew. */
function damaged(failure: unknown): undefined {
  if (!(failure instanceof DocumentCorrupt)) throw failure;
}
