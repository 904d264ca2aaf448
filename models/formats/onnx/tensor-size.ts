import { ModelFileRefused } from '../../errors.ts';
import type { OnnxFile } from './decode.ts';
import { elementBytes, STRING } from './element-types.ts';
import type { SparseTensorProto, TensorProto } from './onnx_pb.js';
import { nodesOf, tensorsOf } from './walk.ts';

/** Elements that one tensor may hold while the model runs: half a gigabyte of single precision. */
export const MOST_ELEMENTS = 2 ** 27;

/**
 * What a tensor says of its size must be what it brings: a few bytes must not become gigabytes.
 * @throws ModelFileRefused
 */
export function checkSizes(model: OnnxFile, file: string): void {
  for (const { where, part } of tensorsOf(model)) checkTensor(part, `${file}.${where}`);
  for (const sparse of sparseTensors(model)) {
    const count = product(sparse.dims, `${file}.sparse tensor`);
    if (count > MOST_ELEMENTS) throw tooLarge(`${file}.sparse tensor "${sparse.values?.name ?? ''}"`, count);
  }
}

function* sparseTensors(model: OnnxFile): Generator<SparseTensorProto> {
  yield* model.graph.sparseInitializer;
  for (const { part } of nodesOf(model)) {
    for (const { sparseTensor, sparseTensors, g, graphs } of part.attribute) {
      if (sparseTensor) yield sparseTensor;
      yield* sparseTensors;
      for (const graph of [...(g ? [g] : []), ...graphs]) yield* graph.sparseInitializer;
    }
  }
}

function checkTensor(tensor: TensorProto, where: string): void {
  const count = product(tensor.dims, where);
  const brought = broughtBy(tensor);
  if (brought === undefined || brought === count) return;
  const name = tensor.name ? ` "${tensor.name}"` : '';
  throw new ModelFileRefused({
    where: `${where}${name}`,
    rule: `must bring the ${count} elements of its shape [${tensor.dims}]`,
    found: brought,
  });
}

/** Elements, by the data that is there. Undefined for types that are packed in ways of their own. */
function broughtBy(tensor: TensorProto): number | undefined {
  const { dataType, rawData, floatData, int32Data, int64Data, doubleData, uint64Data, stringData } = tensor;
  if (dataType === STRING) return stringData.length;
  const size = elementBytes(dataType);
  if (size === undefined) return undefined;
  if (rawData.length > 0) return rawData.length / size;
  return floatData.length + int32Data.length + int64Data.length + doubleData.length + uint64Data.length;
}

/** Elements of a tensor with these dimensions. @throws ModelFileRefused for a negative one */
export function product(dims: readonly bigint[], where: string): number {
  const negative = dims.find((dim) => dim < 0n);
  if (negative !== undefined)
    throw new ModelFileRefused({ where: `${where}.dims`, rule: 'must be >= 0', found: negative });
  return dims.reduce((count, dim) => count * Number(dim), 1);
}

export const tooLarge = (where: string, count: number): ModelFileRefused =>
  new ModelFileRefused({ where, rule: `must have at most ${MOST_ELEMENTS} elements for one row`, found: count });
