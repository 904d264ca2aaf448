import type { Blob, Manifest } from '../../models/manifest.ts';
import { isRange } from './inbox.ts';

/** The blobs that a version is loaded from: its model file first, then what its model is not whole without. */
export function modelBlobs({ blobs, onnx }: Pick<Manifest, 'blobs' | 'onnx'>): Blob[] {
  const isNeeded = onnx
    ? ({ file }: Blob) => onnx.siblings.includes(file)
    : ({ file, bytes }: Blob) => isRange(file) && bytes > 0;
  return blobs.filter((blob, i) => i === 0 || isNeeded(blob));
}
