import type { Loadable } from '../../models/formats/load.ts';
import type { Manifest, ManifestContent } from '../../models/manifest.ts';
import type { Placement } from '../../models/placement.ts';
import type { Rehearsal } from '../../models/rehearsal.ts';
import type { ReleasePolicy } from '../../models/release-policy.ts';

/** A dropped file, and where one may read it without any permission. */
export interface ReadableFile {
  readonly name: string;
  readonly url: string;
}

/** As much of the serving version's manifest as loading and asking it takes. */
export type ServingVersion = Loadable &
  Pick<Manifest, 'version' | 'types' | 'missing' | 'signature' | 'onnx' | 'cascade'>;

/** What the verify function is asked: the model file first, then its companions. */
export interface VerifyRequest {
  readonly files: readonly ReadableFile[];
  /** The version that serves now, and where the files that it is loaded from may be read: those of `modelBlobs`, in their order. */
  readonly serving?: { readonly version: ServingVersion; readonly urls: readonly string[] };
}

/** What it answers. `sha256` is of the files that it has read, in their order. */
export type VerifyReport =
  | {
      readonly ok: true;
      readonly content: Omit<ManifestContent, 'blobs'>;
      readonly sha256: readonly string[];
      readonly rehearsal: Rehearsal;
      /** What the drop says of its release. */
      readonly release?: ReleasePolicy;
      /** Where the drop wants it run. */
      readonly placement?: Placement['placement'];
    }
  | { readonly ok: false; readonly error: string };
