import type { ManifestContent } from '../../models/manifest.ts';
import type { ReleasePolicy } from '../../models/release-policy.ts';

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
  | {
      readonly ok: true;
      readonly content: Omit<ManifestContent, 'blobs'>;
      readonly sha256: readonly string[];
      /** What the drop says of its release. */
      readonly release?: ReleasePolicy;
    }
  | { readonly ok: false; readonly error: string };
