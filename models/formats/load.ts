import type { Blob, Manifest } from '../manifest.ts';
import type { NativeModel } from '../native.ts';
import { formatNamed } from './formats.ts';

/**
 * A published version, ready to score, from its manifest and the bytes of its first blob.
 * @throws ModelFileRefused where the bytes are not the model that the manifest speaks of
 */
export function load(
  manifest: Pick<Manifest, 'format' | 'features' | 'labels' | 'trees' | 'blobs'>,
  bytes: Uint8Array,
): NativeModel {
  const { format, features, labels, trees, blobs } = manifest;
  const { file } = blobs[0] as Blob;
  return formatNamed(format).read(
    { name: file, bytes },
    { features, ...(labels && { labels }), ...(trees && { trees }) },
  );
}
