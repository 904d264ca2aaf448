import { attributeOf, intOf } from '../attributes.ts';
import { INT64 } from '../element-types.ts';
import type { NodeProto, TensorProto } from '../onnx_pb.js';
import { isKnown } from './shape.ts';
import type { Surroundings } from './surroundings.ts';

const INT32 = 6;
/** Shapes, axes and repeats are short. */
const MOST_NUMBERS = 64;

/** The whole numbers of a short tensor; undefined for any other. */
export function numbersOf({ dataType, dims, rawData, int64Data, int32Data }: TensorProto): number[] | undefined {
  if (dataType !== INT64 && dataType !== INT32) return undefined;
  if (dims.reduce((product, dim) => product * dim, 1n) > MOST_NUMBERS) return undefined;
  if (rawData.length === 0) return dataType === INT64 ? int64Data.map(Number) : [...int32Data];
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return dataType === INT64
    ? Array.from({ length: rawData.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)))
    : Array.from({ length: rawData.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

/** What a node makes of numbers that are known before the model runs: how exporters compute shapes. */
export function foldedNumbers(node: NodeProto, { shape, numbers }: Surroundings): readonly number[] | undefined {
  const first = numbers(0);
  switch (node.opType) {
    case 'Constant':
      return constantNumbers(node);
    case 'Shape': {
      const input = shape(0);
      return isKnown(input) ? input : undefined;
    }
    case 'Identity':
    case 'Cast':
    case 'Unsqueeze':
    case 'Squeeze':
      return first;
    case 'Gather':
      return first && numbers(1)?.map((index) => first.at(index) as number);
    case 'Concat': {
      const parts = node.input.map((_, i) => numbers(i));
      return parts.every((part) => part !== undefined) && intOf(node, 'axis', 0) === 0 ? parts.flat() : undefined;
    }
    default:
      return undefined;
  }
}

function constantNumbers(node: NodeProto): readonly number[] | undefined {
  const tensor = attributeOf(node, 'value')?.t;
  if (tensor !== undefined) return numbersOf(tensor);
  const single = attributeOf(node, 'value_int');
  return single ? [Number(single.i)] : attributeOf(node, 'value_ints')?.ints.map(Number);
}
