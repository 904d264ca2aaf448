import { isFloat } from '../../datatype.ts';
import type { OnnxFile } from './decode.ts';
import { datatypeOf } from './element-types.ts';
import type { TensorProto } from './onnx_pb.js';
import { domainOf } from './operators.ts';
import { nodesOf, tensorsOf } from './walk.ts';

/** Learned numbers: the floats of tensors, and of the attributes of `ai.onnx.ml`'s nodes. */
export function parameterCount(model: OnnxFile): number {
  let total = 0;
  for (const { part } of tensorsOf(model)) total += floats(part);
  for (const { part } of nodesOf(model)) {
    if (domainOf(part) !== 'ai.onnx.ml') continue;
    for (const attribute of part.attribute) total += attribute.floats.length;
  }
  return total;
}

function floats({ dataType, dims }: TensorProto): number {
  const datatype = datatypeOf(dataType);
  return datatype !== undefined && isFloat(datatype) ? dims.reduce((product, dim) => product * Number(dim), 1) : 0;
}
