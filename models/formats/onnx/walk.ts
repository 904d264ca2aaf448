import type { OnnxFile } from './decode.ts';
import type { AttributeProto, GraphProto, NodeProto, SparseTensorProto, TensorProto } from './onnx_pb.js';

/** A part of a model, and where it is found. */
export interface Found<T> {
  readonly where: string;
  readonly part: T;
}

/** Every node of a model: of its graph, the graphs inside its nodes, its functions and its training. */
export function* nodesOf(model: OnnxFile): Generator<Found<NodeProto>> {
  for (const { where, part } of blocksOf(model)) yield* nodesIn(part.node, where);
}

/** Every tensor that a model carries, wherever it hides. */
export function* tensorsOf(model: OnnxFile): Generator<Found<TensorProto>> {
  for (const { where, part } of blocksOf(model)) {
    if ('initializer' in part) yield* tensorsOfGraph(part, where);
    else for (const attribute of part.attributeProto) yield* tensorsOfAttribute(attribute, `${where}.attribute_proto`);
  }
  for (const { where, part } of nodesOf(model)) {
    for (const attribute of part.attribute) yield* tensorsOfAttribute(attribute, `${where}.${attribute.name}`);
  }
}

type Block = GraphProto | OnnxFile['functions'][number];

/** What holds nodes, but for the graphs inside nodes. */
function* blocksOf({ graph, trainingInfo, functions }: OnnxFile): Generator<Found<Block>> {
  yield { where: 'graph', part: graph };
  for (const [i, { initialization, algorithm }] of trainingInfo.entries()) {
    if (initialization) yield { where: `training_info[${i}].initialization`, part: initialization };
    if (algorithm) yield { where: `training_info[${i}].algorithm`, part: algorithm };
  }
  for (const [i, part] of functions.entries()) {
    yield { where: `functions[${i}]`, part };
    for (const { g, graphs } of part.attributeProto) {
      for (const graph of [...(g ? [g] : []), ...graphs])
        yield { where: `functions[${i}].attribute_proto`, part: graph };
    }
  }
}

function* nodesIn(nodes: readonly NodeProto[], where: string): Generator<Found<NodeProto>> {
  for (const [i, part] of nodes.entries()) {
    const place = `${where}.node[${i}]`;
    yield { where: place, part };
    for (const { graph, where: inner } of subgraphsOf(part, place)) yield* nodesIn(graph.node, inner);
  }
}

/** The graphs that a node runs, as Loop, If and Scan do. */
export const subgraphsOf = (node: NodeProto, where: string): { graph: GraphProto; where: string }[] =>
  node.attribute.flatMap(({ name, g, graphs }) =>
    [...(g ? [g] : []), ...graphs].map((graph) => ({ graph, where: `${where}.${name}` })),
  );

function* tensorsOfGraph({ initializer, sparseInitializer }: GraphProto, where: string): Generator<Found<TensorProto>> {
  for (const [i, part] of initializer.entries()) yield { where: `${where}.initializer[${i}]`, part };
  for (const [i, sparse] of sparseInitializer.entries()) {
    yield* tensorsOfSparse(sparse, `${where}.sparse_initializer[${i}]`);
  }
}

function* tensorsOfSparse({ values, indices }: SparseTensorProto, where: string): Generator<Found<TensorProto>> {
  if (values) yield { where: `${where}.values`, part: values };
  if (indices) yield { where: `${where}.indices`, part: indices };
}

/** Of a graph inside it, only the initializers: its nodes are walked as nodes. */
function* tensorsOfAttribute(attribute: AttributeProto, where: string): Generator<Found<TensorProto>> {
  const { t, tensors, sparseTensor, sparseTensors, g, graphs } = attribute;
  for (const part of [...(t ? [t] : []), ...tensors]) yield { where, part };
  for (const sparse of [...(sparseTensor ? [sparseTensor] : []), ...sparseTensors]) {
    yield* tensorsOfSparse(sparse, where);
  }
  for (const graph of [...(g ? [g] : []), ...graphs]) yield* tensorsOfGraph(graph, where);
}
