import { create } from '@bufbuild/protobuf';
import type { Labels } from '../../../labels.ts';
import type { ModelFile } from '../../format.ts';
import { decode, encode } from '../decode.ts';
import {
  TensorProto_DataType as DataType,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../onnx_pb.js';
import { labelsAt, largest } from './answers.ts';
import { openGraph, tensorInfo } from './graph.ts';

const LABEL = 'label';

/**
 * The same model with one output more, `label`: of each row the label of the largest probability, the first of equals. Its
 * operators exist from operator set 12 on.
 * @param probabilities the output `[-1, K]` that has one column a label
 * @throws ModelFileRefused where the bytes are no model
 */
export function nameLabels(file: ModelFile, probabilities: string, labels: Labels): Uint8Array {
  const model = decode(file);
  const { node, input, output, initializer } = model.graph;
  const taken = [
    ...node.flatMap((one) => [one.name, ...one.output]),
    ...[...input, ...initializer].map(({ name }) => name),
  ];
  const { graph, nodes, constants } = openGraph('float', [...taken, LABEL]);
  graph.answer(LABEL, labelsAt(graph, labels, largest(graph, probabilities)));
  const elements = labels.datatype === 'INT64' ? DataType.INT64 : DataType.STRING;
  node.push(...nodes.map((init) => create(NodeProtoSchema, init)));
  initializer.push(...constants.map((init) => create(TensorProtoSchema, init)));
  output.unshift(create(ValueInfoProtoSchema, tensorInfo(LABEL, elements, [-1])));
  return encode(model);
}
