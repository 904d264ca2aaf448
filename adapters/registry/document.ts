import { ModeldropError } from '../../models/errors.ts';
import type { Store } from '../store/store.ts';

/** A document of the registry is not what was written there. */
export class DocumentCorrupt extends ModeldropError {
  override readonly name = 'DocumentCorrupt';
  readonly status = 503;
  constructor(path: string, options: ErrorOptions) {
    super('a document in the registry is damaged; an operator must restore it', { path }, options);
  }
}

/** A JSON document of the registry with the tag to replace it by. */
export interface Document<T> {
  readonly value: T;
  readonly etag: string;
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

export const encode = (value: unknown): Uint8Array => utf8.encode(JSON.stringify(value));

/** Registry documents were checked when they were written. @throws DocumentCorrupt where they are JSON no more */
export function decodeAt<T>(path: string, bytes: Uint8Array): T {
  try {
    return JSON.parse(text.decode(bytes)) as T;
  } catch (cause) {
    throw new DocumentCorrupt(path, { cause });
  }
}

export async function readDocument<T>(store: Store, path: string): Promise<Document<T> | undefined> {
  const stored = await store.read(path);
  return stored && { value: decodeAt<T>(path, stored.bytes), etag: stored.etag };
}

/** Creates the document, or replaces the one that was read. False where somebody else was first. */
export async function writeDocument(store: Store, path: string, value: unknown, etag?: string): Promise<boolean> {
  const bytes = encode(value);
  const written = etag === undefined ? await store.create(path, bytes) : await store.replace(path, bytes, etag);
  return written !== undefined;
}
