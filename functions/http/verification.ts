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

/** As much of the serving version's manifest as its loading takes. */
export type ServingVersion = Loadable & Pick<Manifest, 'version'>;

/** What the verify function is asked: the model file first, then its companions. */
export interface VerifyRequest {
  readonly files: readonly ReadableFile[];
  /** The version that serves now, and where its model file may be read. */
  readonly serving?: { readonly version: ServingVersion; readonly url: string };
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
