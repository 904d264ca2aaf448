import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  type FunctionProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type SparseTensorProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from '../../../../models/formats/onnx/onnx_pb.js';

type Attribute = MessageInitShape<typeof AttributeProtoSchema>;
type Sparse = MessageInitShape<typeof SparseTensorProtoSchema>;
type Node = MessageInitShape<typeof NodeProtoSchema>;
type Tensor = MessageInitShape<typeof TensorProtoSchema>;
type Value = MessageInitShape<typeof ValueInfoProtoSchema>;

/** ONNX's own numbers of the datatypes. */
export const [FLOAT, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE] = [1, 6, 7, 8, 9, 10, 11] as const;

const utf8 = new TextEncoder();

/** A dimension by its size, or by a name where it is of any size. */
type Dims = readonly (number | string)[];

const shapeOf = (dims: Dims) => ({
  dim: dims.map((dim) =>
    typeof dim === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(dim) } }
      : { value: { case: 'dimParam' as const, value: dim } },
  ),
});

export const value = (name: string, elemType: number, dims: Dims): Value => ({
  name,
  type: { value: { case: 'tensorType', value: { elemType, shape: shapeOf(dims) } } },
});

/** A list of maps from labels to probabilities, as scikit-learn's converter declares it. */
export const mapsValue = (name: string, keyType: number): Value => {
  const map = { keyType, valueType: { value: { case: 'tensorType' as const, value: { elemType: FLOAT } } } };
  const elemType = { value: { case: 'mapType' as const, value: map } };
  return { name, type: { value: { case: 'sequenceType', value: { elemType } } } };
};

export const floats = (name: string, ...values: number[]): Attribute => ({
  name,
  type: AttributeProto_AttributeType.FLOATS,
  floats: values,
});

export const ints = (name: string, ...values: number[]): Attribute => ({
  name,
  type: AttributeProto_AttributeType.INTS,
  ints: values.map(BigInt),
});

export const int = (name: string, i: number): Attribute => ({
  name,
  type: AttributeProto_AttributeType.INT,
  i: BigInt(i),
});

export const text = (name: string, s: string): Attribute => ({
  name,
  type: AttributeProto_AttributeType.STRING,
  s: utf8.encode(s),
});

export const texts = (name: string, ...values: string[]): Attribute => ({
  name,
  type: AttributeProto_AttributeType.STRINGS,
  strings: values.map((word) => utf8.encode(word)),
});

export const graphOf = (name: string, g: Graph): Attribute => ({ name, type: AttributeProto_AttributeType.GRAPH, g });

export const tensorOf = (name: string, t: Tensor): Attribute => ({
  name,
  type: AttributeProto_AttributeType.TENSOR,
  t,
});

export const doubles = (name: string, dims: readonly number[], values: readonly number[]): Tensor => ({
  name,
  dataType: DOUBLE,
  dims: dims.map(BigInt),
  doubleData: [...values],
});

export const singles = (name: string, dims: readonly number[], values: readonly number[]): Tensor => ({
  name,
  dataType: FLOAT,
  dims: dims.map(BigInt),
  floatData: [...values],
});

export const longs = (name: string, dims: readonly number[], values: readonly number[]): Tensor => ({
  name,
  dataType: INT64,
  dims: dims.map(BigInt),
  int64Data: values.map(BigInt),
});

/** A tensor that lies in a file of its own. */
export const external = (name: string, dims: readonly number[], place: Readonly<Record<string, string>>): Tensor => ({
  name,
  dataType: FLOAT,
  dims: dims.map(BigInt),
  dataLocation: TensorProto_DataLocation.EXTERNAL,
  externalData: Object.entries(place).map(([key, where]) => ({ key, value: where })),
});

export const node = (opType: string, input: string[], output: string[], ...attribute: Attribute[]): Node => ({
  opType,
  input,
  output,
  name: `${opType}_${output[0]}`,
  attribute,
});

/** A node of the domain of classical models. */
export const ml = (opType: string, input: string[], output: string[], ...attribute: Attribute[]): Node => ({
  ...node(opType, input, output, ...attribute),
  domain: 'ai.onnx.ml',
});

export interface Graph {
  readonly name?: string;
  readonly node?: Node[];
  readonly initializer?: Tensor[];
  readonly sparseInitializer?: Sparse[];
  readonly input?: Value[];
  readonly output?: Value[];
}

export interface Written extends Graph {
  readonly opset?: number;
  readonly ir?: number;
  readonly opsets?: readonly { readonly domain: string; readonly version: bigint }[];
  readonly functions?: MessageInitShape<typeof FunctionProtoSchema>[];
}

/** The bytes of a model of this graph. */
export function onnx({ opset = 17, ir = 8, opsets = [], functions = [], ...graph }: Written): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(ir),
      opsetImport: [{ domain: '', version: BigInt(opset) }, { domain: 'ai.onnx.ml', version: 3n }, ...opsets],
      functions,
      graph: { name: 'written', ...graph },
    }),
  );
}

/** y = 2 x1 - x2 + 0.5, in double. */
export const line = (): Uint8Array =>
  onnx({
    node: [node('MatMul', ['input', 'w'], ['xw']), node('Add', ['xw', 'b'], ['y'])],
    initializer: [doubles('w', [2, 1], [2, -1]), doubles('b', [1], [0.5])],
    input: [value('input', DOUBLE, ['N', 2])],
    output: [value('y', DOUBLE, ['N', 1])],
  });

/**
 * As skl2onnx exports a logistic regression over texts: a category beside a number, one-hot, with probabilities as maps.
 * P(yes) = sigmoid(age - 30 + 2 [city = Oslo]).
 */
export const categories = (): Uint8Array =>
  onnx({
    node: [
      ml('OneHotEncoder', ['city'], ['hot'], texts('cats_strings', 'Oslo', 'Rome'), int('zeros', 1)),
      node('Reshape', ['hot', 'two'], ['flat']),
      node('Concat', ['age', 'flat'], ['x'], int('axis', 1)),
      ml(
        'LinearClassifier',
        ['x'],
        ['label', 'probabilities'],
        floats('coefficients', -1, -2, 0, 1, 2, 0),
        floats('intercepts', 30, -30),
        texts('classlabels_strings', 'no', 'yes'),
        int('multi_class', 1),
        text('post_transform', 'LOGISTIC'),
      ),
      ml('ZipMap', ['probabilities'], ['output_probability'], texts('classlabels_strings', 'no', 'yes')),
      node('Identity', ['label'], ['output_label']),
    ],
    initializer: [longs('two', [2], [-1, 2])],
    input: [value('age', FLOAT, ['', 1]), value('city', STRING, ['', 1])],
    output: [value('output_label', STRING, ['']), mapsValue('output_probability', STRING)],
  });

/** Adds one as long as one is more than zero. */
export const endless = (): Uint8Array =>
  onnx({
    node: [
      node(
        'Loop',
        ['', 'yes', 'x'],
        ['y'],
        graphOf('body', {
          name: 'body',
          node: [node('Add', ['at', 'one'], ['next']), node('Identity', ['going'], ['goes'])],
          initializer: [singles('one', [1], [1])],
          input: [value('i', INT64, []), value('going', BOOL, []), value('at', FLOAT, ['N', 2])],
          output: [value('goes', BOOL, []), value('next', FLOAT, ['N', 2])],
        }),
      ),
    ],
    initializer: [{ name: 'yes', dataType: BOOL, dims: [], int32Data: [1] }],
    input: [value('x', FLOAT, ['N', 2])],
    output: [value('y', FLOAT, ['N', 2])],
  });

/** Adds one to its rows as often as their sum says: a run lasts as long as its input wants. */
export const counting = (): Uint8Array =>
  onnx({
    node: [
      node('ReduceSum', ['x'], ['sum'], int('keepdims', 0)),
      node('Cast', ['sum'], ['times'], int('to', INT64)),
      node(
        'Loop',
        ['times', '', 'x'],
        ['y'],
        graphOf('body', {
          name: 'body',
          node: [node('Add', ['at', 'one'], ['next']), node('Identity', ['going'], ['goes'])],
          initializer: [singles('one', [1], [1])],
          input: [value('i', INT64, []), value('going', BOOL, []), value('at', FLOAT, ['N', 2])],
          output: [value('goes', BOOL, []), value('next', FLOAT, ['N', 2])],
        }),
      ),
    ],
    input: [value('x', FLOAT, ['N', 2])],
    output: [value('y', FLOAT, ['N', 2])],
  });

/** A matrix of 32,768 x 32,768 single-precision numbers, four gigabytes, out of a shape that only the input tells. */
export const swelling = (): Uint8Array =>
  onnx({
    node: [
      node('ReduceSum', ['x'], ['sum'], int('keepdims', 0)),
      node('Mul', ['sum', 'zero'], ['none']),
      node('Add', ['none', 'wide'], ['size']),
      node('Cast', ['size'], ['sizes'], int('to', INT64)),
      node('ConstantOfShape', ['sizes'], ['huge']),
      node('ReduceSum', ['huge'], ['y'], int('keepdims', 0)),
    ],
    initializer: [singles('zero', [1], [0]), singles('wide', [2], [32_768, 32_768])],
    input: [value('x', FLOAT, ['N', 2])],
    output: [value('y', FLOAT, [])],
  });

/** A model with its tensors in a file of their own, as PyTorch's exporter writes large ones: `<file>.data` beside it. */
export function split(bytes: Uint8Array, location: string): { readonly model: Uint8Array; readonly data: Uint8Array } {
  const model = fromBinary(ModelProtoSchema, bytes);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of model.graph?.initializer ?? []) {
    const { rawData } = tensor;
    const place = { location, offset: String(offset), length: String(rawData.length) };
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.externalData = Object.entries(place).map(([key, where]) =>
      create(StringStringEntryProtoSchema, { key, value: where }),
    );
    tensor.rawData = new Uint8Array();
    parts.push(rawData);
    offset += rawData.length;
  }
  return { model: toBinary(ModelProtoSchema, model), data: Buffer.concat(parts) };
}
