import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
} from '../onnx_pb.js';

/** The name of a tensor in a graph. */
export type Value = string;

/** What all numbers are: `double`, or single precision. */
export type Precision = 'double' | 'float';

export type GraphInit = MessageInitShape<typeof GraphProtoSchema>;
type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>;
type TensorInit = MessageInitShape<typeof TensorProtoSchema>;

/** Integers, texts, and the graphs of loops. */
type Attributes = Readonly<Record<string, number | string | readonly number[] | readonly string[] | GraphInit>>;

/** A graph that is being written: each call appends a node or a constant, and names what it gives. */
export interface Graph {
  /** The element type of all numbers. */
  readonly real: DataType;
  /**
   * @param type an operator, with its domain where it is not ONNX's own: `com.microsoft.Tokenizer`
   * @param title what the node says of itself where it fails
   */
  op(type: string, inputs: readonly Value[], attributes?: Attributes, title?: string): Value;
  /** The same, of a node that gives several tensors. */
  ops(type: string, inputs: readonly Value[], outputs: number, attributes?: Attributes): readonly Value[];
  /** Gives a tensor the name that the whole graph answers it by. */
  answer(name: string, value: Value): void;
  /** A constant. Without a shape it is a vector. */
  reals(values: ArrayLike<number>, shape?: readonly number[]): Value;
  integers(values: readonly number[], shape?: readonly number[]): Value;
  texts(values: readonly string[], shape?: readonly number[]): Value;
  truths(values: readonly boolean[], shape?: readonly number[]): Value;
  /** The body of a loop; it may read what the graph around it names. */
  body(inputs: readonly BodyInput[], write: (graph: Graph, inputs: readonly Value[]) => readonly Value[]): GraphInit;
}

/** What a loop hands to its body. */
export interface BodyInput {
  readonly type: DataType;
  readonly shape: readonly number[];
}

/** The nodes and constants of a graph that is written. */
export interface Written {
  readonly graph: Graph;
  readonly nodes: readonly MessageInitShape<typeof NodeProtoSchema>[];
  readonly constants: readonly TensorInit[];
  /** Domains of the operators. */
  readonly domains: ReadonlySet<string>;
}

/** @param taken names that no tensor within may have */
export function openGraph(precision: Precision, taken: readonly string[]): Written {
  const [constants, domains] = [[] as TensorInit[], new Set<string>()];
  const names = new Set(taken);
  const fresh = (stem: string): string => {
    let name = `${stem}_${names.size}`;
    while (names.has(name)) name = `${name}_`;
    names.add(name);
    return name;
  };
  const nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  const graph = writerOf({ precision, fresh, constants, domains }, nodes);
  return { graph, nodes, constants, domains };
}

/** What the graph and the bodies of its loops have in common. Constants all lie in the outermost graph. */
interface Common {
  readonly precision: Precision;
  readonly fresh: (stem: string) => string;
  readonly constants: TensorInit[];
  readonly domains: Set<string>;
}

function writerOf(common: Common, nodes: MessageInitShape<typeof NodeProtoSchema>[]): Graph {
  const { precision, fresh, constants, domains } = common;
  const ops = (type: string, input: readonly Value[], outputs: number, attributes: Attributes = {}, title?: string) => {
    const dot = type.lastIndexOf('.');
    const [domain, opType] = [type.slice(0, Math.max(dot, 0)), type.slice(dot + 1)];
    domains.add(domain);
    const output = Array.from({ length: outputs }, () => fresh(opType));
    const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...attributeOf(value) }));
    nodes.push({
      opType,
      domain,
      name: title ? fresh(title) : (output[0] as string),
      input: [...input],
      output,
      attribute,
    });
    return output;
  };
  const constant = (stem: string, tensor: TensorInit, count: number, shape: readonly number[] = [count]): Value => {
    const name = fresh(stem);
    constants.push({ ...tensor, name, dims: shape.map(BigInt) });
    return name;
  };
  const graph: Graph = {
    real: precision === 'double' ? DataType.DOUBLE : DataType.FLOAT,
    op: (type, inputs, attributes, title) => ops(type, inputs, 1, attributes, title)[0] as Value,
    ops,
    answer: (name, value) => void nodes.push({ opType: 'Identity', name, input: [value], output: [name] }),
    reals: (values, shape) =>
      constant('reals', { dataType: graph.real, rawData: bytesOf(values, precision) }, values.length, shape),
    integers: (values, shape) =>
      constant('integers', { dataType: DataType.INT64, int64Data: values.map(BigInt) }, values.length, shape),
    texts: (values, shape) =>
      constant('texts', { dataType: DataType.STRING, stringData: values.map(utf8) }, values.length, shape),
    truths: (values, shape) =>
      constant('truths', { dataType: DataType.BOOL, int32Data: values.map(Number) }, values.length, shape),
    body(inputs, write) {
      const within: MessageInitShape<typeof NodeProtoSchema>[] = [];
      const names = inputs.map(() => fresh('input'));
      const outputs = write(writerOf(common, within), names);
      return {
        name: fresh('body'),
        node: within,
        input: inputs.map(({ type, shape }, k) => tensorInfo(names[k] as string, type, shape)),
        output: outputs.map((name) => ({ name })),
      };
    },
  };
  return graph;
}

/** A named tensor of this shape; -1 is the number of rows, of all inputs and outputs alike. */
export const tensorInfo = (name: string, elemType: DataType, shape: readonly number[]) => ({
  name,
  type: {
    value: {
      case: 'tensorType' as const,
      value: { elemType, shape: { dim: shape.map(dimension) } },
    },
  },
});

const dimension = (size: number) => ({
  value:
    size === -1 ? { case: 'dimParam' as const, value: 'rows' } : { case: 'dimValue' as const, value: BigInt(size) },
});

function attributeOf(value: Attributes[string]): AttributeInit {
  if (typeof value === 'number') return { type: AttributeType.INT, i: BigInt(value) };
  if (typeof value === 'string') return { type: AttributeType.STRING, s: utf8(value) };
  if (!Array.isArray(value)) return { type: AttributeType.GRAPH, g: value as GraphInit };
  return value.every((item) => typeof item === 'number')
    ? { type: AttributeType.INTS, ints: value.map(BigInt) }
    : { type: AttributeType.STRINGS, strings: value.map(utf8) };
}

const encoder = new TextEncoder();
const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** Little-endian, as ONNX wants raw bytes. */
function bytesOf(values: ArrayLike<number>, precision: Precision): Uint8Array<ArrayBuffer> {
  const size = precision === 'double' ? 8 : 4;
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (precision === 'double') view.setFloat64(size * i, values[i] as number, true);
    else view.setFloat32(size * i, values[i] as number, true);
  }
  return bytes;
}
