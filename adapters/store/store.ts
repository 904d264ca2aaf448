/** An object and the tag that names exactly these bytes at this path. */
export interface Stored {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** The half of a Store that reads. Whoever only reads asks for no more. */
export interface StoreReader {
  read(path: string): Promise<Stored | undefined>;
  /** `unchanged` where the object still has this tag; undefined where there is none. */
  revalidate(path: string, etag: string): Promise<Stored | 'unchanged' | undefined>;
}

/**
 * Objects under slash-separated paths, each written whole or not at all, and durable once a write has answered.
 * Reads are strongly consistent. Every implementation passes `test/contract/store.ts`.
 * Every method throws StoreUnavailable where the storage itself fails; a lost race is an answer, not an error.
 */
export interface Store extends StoreReader {
  /** Writes only where nothing is. The new tag, or undefined where something was. */
  create(path: string, bytes: Uint8Array): Promise<string | undefined>;
  /** Writes only over the object with this tag. The new tag, or undefined where it has changed or gone. */
  replace(path: string, bytes: Uint8Array, etag: string): Promise<string | undefined>;
  /** Deletes only the object with this tag. False where it has changed or gone. */
  delete(path: string, etag: string): Promise<boolean>;
  /** Deletes whatever is there, unread: for what is written once and never replaced. */
  discard(path: string): Promise<void>;
  /** Every path that starts with `prefix`, by code point. */
  list(prefix: string): Promise<string[]>;
}
