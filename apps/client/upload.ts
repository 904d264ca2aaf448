import type { Place, Upload } from './answers.ts';
import { bodyOf } from './api-error.ts';
import { type Connection, call } from './call.ts';
import { exchange } from './exchange.ts';

export interface UploadFile {
  /** Bare, without a folder. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Asks for a place in the inbox of a model that takes exactly these bytes. */
export async function announce(
  connection: Connection,
  model: string,
  { name, bytes }: UploadFile,
  signal?: AbortSignal,
): Promise<Upload> {
  const body = { file: name, sha256: await sha256(bytes) };
  const path = `/v1/models/${encodeURIComponent(model)}/uploads`;
  return call<Upload>(connection, path, { method: 'POST', body, ...(signal && { signal }) });
}

/** Puts the bytes into their place. They land whole or not at all. The key stays at home: the URL is enough. */
export async function put(
  { url, method, headers }: Place,
  bytes: UploadFile['bytes'],
  signal?: AbortSignal,
): Promise<void> {
  bodyOf(await exchange(url, { method, headers, body: bytes, ...(signal && { signal }) }));
}

/** In hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
