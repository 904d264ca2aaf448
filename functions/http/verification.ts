import type { ManifestContent } from '../../models/manifest.ts';

/** A dropped file, and where one may read it without any permission. */
export interface ReadableFile {
  readonly name: string;
  readonly url: string;
}

/** What the verify function is asked: the model file first, then its companions. */
export interface VerifyRequest {
  readonly files: readonly ReadableFile[];
}

/** What it answers. `sha256` is of the files that it has read, in their order. */
export type VerifyReport =
  | { readonly ok: true; readonly content: Omit<ManifestContent, 'blobs'>; readonly sha256: readonly string[] }
  | { readonly ok: false; readonly error: string };
