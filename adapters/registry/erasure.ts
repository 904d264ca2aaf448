import type { Manifest } from '../../models/manifest.ts';
import type { Store } from '../store/store.ts';
import { decodeAt } from './document.ts';
import { layout, nameIn } from './layout.ts';

/**
 * Erases every version below `first` of a model: the manifests, then the blobs that no manifest names any more.
 * Safe to repeat, and to stop anywhere: what is below `first` is never served.
 */
export async function eraseVersions(store: Store, model: string, first: number): Promise<void> {
  const doomed = (await store.list(layout.versions(model))).filter((path) => Number(path.split('/')[2]) < first);
  const blobs = new Set<string>();
  for (const path of doomed) {
    const stored = await store.read(path);
    if (stored === undefined) continue;
    for (const blob of decodeAt<Manifest>(path, stored.bytes).blobs) blobs.add(blob.sha256);
  }
  for (const path of doomed) await remove(store, path);
  const kept = await namedBlobs(store);
  for (const sha256 of blobs) if (!kept.has(sha256)) await removeUnnamed(store, sha256);
  // A training has the id of its table's drop. It may quote the table.
  for (const path of await store.list(layout.drops(model))) {
    await remove(store, layout.trainingJob(nameIn(path)));
    await remove(store, path);
  }
}

/** A publisher may name the blob while it goes: then it is put back. */
async function removeUnnamed(store: Store, sha256: string): Promise<void> {
  const path = layout.blob(sha256);
  const stored = await store.read(path);
  if (stored === undefined) return;
  await store.delete(path, stored.etag);
  if ((await namedBlobs(store)).has(sha256)) await store.create(path, stored.bytes);
}

async function remove(store: Store, path: string): Promise<void> {
  const stored = await store.read(path);
  if (stored !== undefined) await store.delete(path, stored.etag);
}

async function namedBlobs(store: Store): Promise<Set<string>> {
  const named = new Set<string>();
  for (const path of await store.list('models/')) {
    const stored = await store.read(path);
    if (stored === undefined) continue;
    for (const blob of decodeAt<Manifest>(path, stored.bytes).blobs) named.add(blob.sha256);
  }
  return named;
}
