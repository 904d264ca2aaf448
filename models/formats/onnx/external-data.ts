import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import type { OnnxFile } from './decode.ts';
import { type StringStringEntryProto, type TensorProto, TensorProto_DataLocation } from './onnx_pb.js';
import { tensorsOf } from './walk.ts';

/**
 * Brings tensors that lie in files of their own into the model. A model names such files as it likes, a key file of ours
 * too, and ONNX Runtime would read them: only siblings that were dropped with it count, by their bare names.
 * @returns the names of the siblings that were read
 * @throws ModelFileRefused for any other name, and for a place outside the sibling
 */
export function bringIn(model: OnnxFile, file: string, siblings: readonly ModelFile[]): string[] {
  const used = new Set<string>();
  for (const { where, part: tensor } of tensorsOf(model)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) {
      if (tensor.externalData.length > 0) throw stray(`${file}.${where}`);
      continue;
    }
    const { sibling, bytes } = externalBytes(tensor, `${file}.${where}`, siblings);
    used.add(sibling);
    tensor.rawData = bytes;
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
    tensor.externalData = [];
  }
  return [...used];
}

const stray = (where: string): ModelFileRefused =>
  new ModelFileRefused({ where: `${where}.external_data`, rule: 'must be absent where data_location is not EXTERNAL' });

function externalBytes(tensor: TensorProto, where: string, siblings: readonly ModelFile[]) {
  const stated = new Map(tensor.externalData.map(({ key, value }: StringStringEntryProto) => [key, value]));
  const location = stated.get('location') ?? '';
  const sibling = siblings.find(({ name }) => name === location);
  if (sibling === undefined) {
    throw new ModelFileRefused({
      where: `${where}.external_data.location`,
      rule: 'must be the bare name of a .data file that was dropped before the model, beside it; or export in one file',
      found: location,
    });
  }
  const offset = wholeNumber(stated.get('offset') ?? '0', `${where}.external_data.offset`);
  const rest = sibling.bytes.length - offset;
  const length = wholeNumber(stated.get('length') ?? String(rest), `${where}.external_data.length`);
  if (rest < 0 || length > rest) {
    throw new ModelFileRefused({
      where: `${where}.external_data`,
      rule: `must lie inside the ${sibling.bytes.length} bytes of ${location}`,
      found: `offset ${offset}, length ${length}`,
    });
  }
  return { sibling: location, bytes: sibling.bytes.subarray(offset, offset + length) };
}

function wholeNumber(text: string, where: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ModelFileRefused({ where, rule: 'must be a whole number', found: text });
}
