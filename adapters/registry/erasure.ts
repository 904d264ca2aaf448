import type { Manifest } from '../../models/manifest.ts';
import type { Store } from '../store/store.ts';
import { decodeAt } from './document.ts';
import { layout, nameIn } from './layout.ts';

/**
 * Erases every version below `first` of a model: the manifests, then the blobs and archives that no manifest names any more.
 * Safe to repeat, and to stop anywhere: what is below `first` is never served.
 */
export async function eraseVersions(store: Store, model: string, first: number): Promise<void> {
  const doomed = (await store.list(layout.versions(model))).filter((path) => Number(path.split('/')[2]) < first);
  const files = new Set<string>();
  for (const path of doomed) {
    const stored = await store.read(path);
    if (stored === undefined) continue;
    for (const file of namedBy(decodeAt<Manifest>(path, stored.bytes))) files.add(file);
  }
  for (const path of doomed) await remove(store, path);
  const kept = await named(store);
  for (const file of files) if (!kept.has(file)) await removeUnnamed(store, file);
  // A training has the id of its table's drop. It may quote the table.
  for (const path of await store.list(layout.drops(model))) {
    await remove(store, layout.trainingJob(nameIn(path)));
    await remove(store, path);
  }
}

/** Erases a file that no manifest names. Safe to repeat. @returns whether it is gone */
export async function eraseUnnamed(store: Store, path: string): Promise<boolean> {
  if ((await named(store)).has(path)) return false;
  return removeUnnamed(store, path);
}

/** A publisher may name the file while it goes: then it is put back. @returns whether it is gone */
async function removeUnnamed(store: Store, path: string): Promise<boolean> {
  const stored = await store.read(path);
  if (stored === undefined) return true;
  await store.delete(path, stored.etag);
  if (!(await named(store)).has(path)) return true;
  await store.create(path, stored.bytes);
  return false;
}

async function remove(store: Store, path: string): Promise<void> {
  const stored = await store.read(path);
  if (stored !== undefined) await store.delete(path, stored.etag);
}

/** Where the files of a version lie. */
const namedBy = ({ blobs, triton }: Manifest): string[] => [
  ...blobs.map(({ sha256 }) => layout.blob(sha256)),
  ...(triton === undefined ? [] : [layout.triton(triton)]),
];

async function named(store: Store): Promise<Set<string>> {
  const all = new Set<string>();
  for (const path of await store.list('models/')) {
    const stored = await store.read(path);
    if (stored === undefined) continue;
    for (const file of namedBy(decodeAt<Manifest>(path, stored.bytes))) all.add(file);
  }
  return all;
}
