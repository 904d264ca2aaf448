import { StoreUnavailable } from '../adapters/store/errors.ts';
import type { Store } from '../adapters/store/store.ts';
import { memoryStore } from './memory-store.ts';

/** A Store in memory that counts what is asked of it, and fails, waits or lies where a test says so. */
export interface WatchedStore extends Store {
  /** What was asked, such as `read channels/iris.json`. */
  readonly asked: string[];
  /** Whether the storage is down. */
  down: boolean;
  /** Runs before each answer: a test holds it back, or lets something else happen first. */
  before: (question: string) => Promise<void> | void;
  /** Writes over an object, whatever is there, as a broken disk does. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void>;
}

export function watchedStore(inner: Store = memoryStore()): WatchedStore {
  const asked: string[] = [];

  const watched = <Args extends [string, ...unknown[]], T>(verb: string, ask: (...args: Args) => Promise<T>) => {
    return async (...args: Args): Promise<T> => {
      const question = `${verb} ${args[0]}`;
      asked.push(question);
      await store.before(question);
      if (store.down) throw new StoreUnavailable(args[0], { cause: new Error('down') });
      return ask(...args);
    };
  };

  const store: WatchedStore = {
    asked,
    down: false,
    before: () => {},
    read: watched('read', inner.read),
    revalidate: watched('revalidate', inner.revalidate),
    create: watched('create', inner.create),
    replace: watched('replace', inner.replace),
    delete: watched('delete', inner.delete),
    discard: watched('discard', inner.discard),
    list: watched('list', inner.list),
    async damage(path, change) {
      const stored = await inner.read(path);
      if (stored === undefined) throw new Error(`${path} is not there`);
      await inner.replace(path, change(stored.bytes.slice()), stored.etag);
    },
  };
  return store;
}

/** The bytes with one bit of the middle one turned over. */
export function flipped(bytes: Uint8Array): Uint8Array {
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 1;
  return bytes;
}
