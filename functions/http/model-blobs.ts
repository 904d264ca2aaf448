import type { Blob, Manifest } from '../../models/manifest.ts';
import { isRange } from './inbox.ts';
import type { LostVersion } from './verification.ts';

/** The blobs that a version is loaded from: its model file first, then what its model is not whole without; none of one that is lost. */
export function modelBlobs(version: Pick<Manifest, 'blobs' | 'onnx'> | LostVersion): Blob[] {
  if ('why' in version) return [];
  const { blobs, onnx } = version;
  const isNeeded = onnx
    ? ({ file }: Blob) => onnx.siblings.includes(file)
    : ({ file, bytes }: Blob) => isRange(file) && bytes > 0;
  return blobs.filter((blob, i) => i === 0 || isNeeded(blob));
}
