import type { Blob, Manifest } from '../../models/manifest.ts';
import { isRange } from './inbox.ts';

/** The blobs that a version is loaded from: its model file first, then what its model is not whole without. */
export function modelBlobs({ blobs, onnx, cascade }: Pick<Manifest, 'blobs' | 'onnx' | 'cascade'>): Blob[] {
  const tensors = onnx?.siblings ?? cascade?.large.onnx.siblings ?? [];
  const isNeeded = ({ file, bytes }: Blob): boolean =>
    tensors.includes(file) || file === cascade?.large.file || (onnx === undefined && isRange(file) && bytes > 0);
  return blobs.filter((blob, i) => i === 0 || isNeeded(blob));
}
