import type { Blob, Manifest } from '../../models/manifest.ts';
import { isRange } from './inbox.ts';
import type { LostVersion } from './verification.ts';

/** The blobs that a version is loaded from: its model file first, then what its model is not whole without; none of one that is lost. */
export function modelBlobs(version: Pick<Manifest, 'blobs' | 'onnx' | 'cascade'> | LostVersion): Blob[] {
  if ('why' in version) return [];
  const { blobs, onnx, cascade } = version;
  const tensors = onnx?.siblings ?? cascade?.large.onnx.siblings ?? [];
  const isNeeded = ({ file, bytes }: Blob): boolean =>
    tensors.includes(file) || file === cascade?.large.file || (onnx === undefined && isRange(file) && bytes > 0);
  return blobs.filter((blob, i) => i === 0 || isNeeded(blob));
}
