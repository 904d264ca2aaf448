import type { Cascade } from '../../models/cascade/cascade.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import { servable } from '../../models/formats/onnx/servable.ts';

/** What ONNX Runtime is given of a cascade's large model, which is among these files. @throws ModelFileRefused */
export function largeModel({ large }: Cascade, files: readonly ModelFile[]): Uint8Array {
  const file = files.find(({ name }) => name === large.file);
  if (file === undefined) throw new TypeError(`a cascade needs ${large.file}`);
  return servable(
    file,
    files.filter(({ name }) => large.onnx.siblings.includes(name)),
  );
}
