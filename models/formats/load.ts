import { decided } from '../decision.ts';
import type { Blob, Manifest } from '../manifest.ts';
import type { NativeModel } from '../native.ts';
import type { ModelFile } from './format.ts';
import { formatNamed } from './formats.ts';

/** As much of a manifest as loading its model takes. */
export type Loadable = Pick<Manifest, 'format' | 'features' | 'labels' | 'trees' | 'positive' | 'threshold' | 'blobs'>;

/**
 * A published version, ready to score, from its manifest, the bytes of its first blob, and its `.range` file, if it has one.
 * @throws ModelFileRefused where the bytes are not the model that the manifest speaks of
 */
export function load(manifest: Loadable, bytes: Uint8Array, range?: ModelFile): NativeModel {
  const { format, features, labels, trees, positive, threshold, blobs } = manifest;
  const { file } = blobs[0] as Blob;
  const model = formatNamed(format).read(
    { name: file, bytes },
    { features, ...(labels && { labels }), ...(trees && { trees }), ...(range && { range }) },
  );
  return decided(model, { positive, threshold });
}
