import type { AttributeProto, NodeProto } from './onnx_pb.js';

const utf8 = new TextDecoder();

export const attributeOf = (node: NodeProto, name: string): AttributeProto | undefined =>
  node.attribute.find((attribute) => attribute.name === name);

export const intOf = (node: NodeProto, name: string, otherwise: number): number => {
  const attribute = attributeOf(node, name);
  return attribute === undefined ? otherwise : Number(attribute.i);
};

export const intsOf = (node: NodeProto, name: string): number[] | undefined =>
  attributeOf(node, name)?.ints.map(Number);

export const floatsOf = (node: NodeProto, name: string): readonly number[] => attributeOf(node, name)?.floats ?? [];

export const textOf = (node: NodeProto, name: string): string | undefined => {
  const attribute = attributeOf(node, name);
  return attribute && utf8.decode(attribute.s);
};

export const textsOf = (node: NodeProto, name: string): string[] =>
  (attributeOf(node, name)?.strings ?? []).map((bytes) => utf8.decode(bytes));
