import type { Store } from './store.ts';

/** Writes over whatever is there: the last of several writers wins. */
export async function put(store: Store, path: string, bytes: Uint8Array): Promise<void> {
  for (;;) {
    const current = await store.read(path);
    const written = current ? await store.replace(path, bytes, current.etag) : await store.create(path, bytes);
    if (written !== undefined) return;
  }
}
