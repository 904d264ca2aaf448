import { create } from '@bufbuild/protobuf';
import { attributeOf, textsOf } from './attributes.ts';
import type { OnnxFile } from './decode.ts';
import { FLOAT } from './element-types.ts';
import { type NodeProto, type ValueInfoProto, ValueInfoProtoSchema } from './onnx_pb.js';
import { domainOf } from './operators.ts';

type ClassLabels = readonly (string | number)[];

/**
 * The labels that a classifier or a ZipMap of `ai.onnx.ml` states.
 * Integers beyond 2^53 stay texts, which keep every digit.
 */
export function classLabels(node: NodeProto): ClassLabels | undefined {
  const texts = textsOf(node, 'classlabels_strings');
  if (texts.length > 0) return texts;
  const integers = (attributeOf(node, 'classlabels_ints') ?? attributeOf(node, 'classlabels_int64s'))?.ints ?? [];
  if (integers.length === 0) return undefined;
  return integers.map((integer) => (Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer)));
}

/**
 * Takes trailing ZipMap nodes away, whose lists of maps nobody could read: their inputs, a tensor of probabilities each,
 * become the outputs.
 * @returns what was changed, in words
 */
export function removeZipMaps({ graph }: OnnxFile): string[] {
  const changes: string[] = [];
  for (const node of graph.node.filter(isZipMap)) {
    const [output, input] = [node.output[0] ?? '', node.input[0] ?? ''];
    const at = graph.output.findIndex(({ name }) => name === output);
    if (at === -1) continue;
    const exposed = graph.output.some(({ name }) => name === input);
    graph.output.splice(at, 1, ...(exposed ? [] : [probabilities(input, classLabels(node)?.length)]));
    graph.node.splice(graph.node.indexOf(node), 1);
    changes.push(`the maps of output "${output}" (ZipMap) became the tensor "${input}", one column a label`);
  }
  return changes;
}

export const isZipMap = (node: NodeProto): boolean => node.opType === 'ZipMap' && domainOf(node) === 'ai.onnx.ml';

function probabilities(name: string, width: number | undefined): ValueInfoProto {
  const rows = { value: { case: 'dimParam' as const, value: '' } };
  const columns = width === undefined ? rows : { value: { case: 'dimValue' as const, value: BigInt(width) } };
  const value = { elemType: FLOAT, shape: { dim: [rows, columns] } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
}
