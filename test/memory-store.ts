import { checkPath, checkPrefix } from '../adapters/store/path.ts';
import type { Store, Stored } from '../adapters/store/store.ts';
import { byCodePoint } from '../models/code-point-order.ts';

/** A Store in memory: each write whole, each tag new. It passes the contract of a store. */
export function memoryStore(): Store {
  const objects = new Map<string, Stored>();
  let writes = 0;

  const write = (path: string, bytes: Uint8Array): string => {
    const etag = `"${++writes}"`;
    objects.set(path, { bytes: bytes.slice(), etag });
    return etag;
  };

  return {
    async read(path) {
      checkPath(path);
      return objects.get(path);
    },
    async revalidate(path, etag) {
      checkPath(path);
      const stored = objects.get(path);
      return stored?.etag === etag ? 'unchanged' : stored;
    },
    async create(path, bytes) {
      checkPath(path);
      return objects.has(path) ? undefined : write(path, bytes);
    },
    async replace(path, bytes, etag) {
      checkPath(path);
      return objects.get(path)?.etag === etag ? write(path, bytes) : undefined;
    },
    async delete(path, etag) {
      checkPath(path);
      return objects.get(path)?.etag === etag && objects.delete(path);
    },
    async discard(path) {
      checkPath(path);
      objects.delete(path);
    },
    async list(prefix) {
      checkPrefix(prefix);
      return [...objects.keys()].filter((path) => path.startsWith(prefix)).sort(byCodePoint);
    },
  };
}
