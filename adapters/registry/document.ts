import type { Store } from '../store/store.ts';

/** A JSON document of the registry with the tag to replace it by. */
export interface Document<T> {
  readonly value: T;
  readonly etag: string;
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

export const encode = (value: unknown): Uint8Array => utf8.encode(JSON.stringify(value));

/** Registry documents were checked when they were written. */
export const decode = <T>(bytes: Uint8Array): T => JSON.parse(text.decode(bytes)) as T;

export async function readDocument<T>(store: Store, path: string): Promise<Document<T> | undefined> {
  const stored = await store.read(path);
  return stored && { value: decode<T>(stored.bytes), etag: stored.etag };
}

/** Creates the document, or replaces the one that was read. False where somebody else was first. */
export async function writeDocument(store: Store, path: string, value: unknown, etag?: string): Promise<boolean> {
  const bytes = encode(value);
  const written = etag === undefined ? await store.create(path, bytes) : await store.replace(path, bytes, etag);
  return written !== undefined;
}
