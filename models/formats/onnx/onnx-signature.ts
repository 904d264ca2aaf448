import { ModelFileRefused } from '../../errors.ts';
import type { Signature, TensorSpec } from '../../signature.ts';
import type { OnnxFile } from './decode.ts';
import { datatypeOf } from './element-types.ts';
import type { TensorShapeProto, TypeProto, ValueInfoProto } from './onnx_pb.js';

/** @throws ModelFileRefused for inputs and outputs that are no tensors of a datatype that callers can send */
export function onnxSignature({ graph }: OnnxFile, file: string): Signature {
  const initialized = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !initialized.has(name));
  if (inputs.length === 0) throw new ModelFileRefused({ where: `${file}.graph.input`, rule: 'must not be empty' });
  if (graph.output.length === 0)
    throw new ModelFileRefused({ where: `${file}.graph.output`, rule: 'must not be empty' });
  return {
    inputs: inputs.map((input) => inputSpec(input, `${file}: input "${input.name}"`)),
    outputs: graph.output.map((output) => outputSpec(output, `${file}: output "${output.name}"`)),
  };
}

function inputSpec({ name, type }: ValueInfoProto, where: string): TensorSpec {
  if (type?.value.case !== 'tensorType') {
    throw new ModelFileRefused({ where, rule: 'must be a tensor', found: kindOf(type) });
  }
  const { elemType, shape } = type.value.value;
  if (shape === undefined) {
    throw new ModelFileRefused({ where, rule: 'must state its shape, a name where a dimension is of any size' });
  }
  return { name: named(name, where), datatype: datatype(elemType, where), shape: dims(shape) };
}

/** Exporters leave the shapes of outputs out, which the runtime finds for itself. */
function outputSpec({ name, type }: ValueInfoProto, where: string): TensorSpec {
  if (type?.value.case !== 'tensorType') {
    throw new ModelFileRefused({
      where,
      rule: 'must be a tensor: export with options={"zipmap": False} where it is a classifier of scikit-learn',
      found: kindOf(type),
    });
  }
  const { elemType, shape } = type.value.value;
  return { name: named(name, where), datatype: datatype(elemType, where), shape: shape ? dims(shape) : [-1] };
}

function named(name: string, where: string): string {
  if (name === '') throw new ModelFileRefused({ where, rule: 'must have a name' });
  return name;
}

function datatype(elementType: number, where: string): TensorSpec['datatype'] {
  const found = datatypeOf(elementType);
  if (found !== undefined) return found;
  throw new ModelFileRefused({ where, rule: 'must be of a datatype that callers can send', found: elementType });
}

const dims = ({ dim }: TensorShapeProto): number[] =>
  dim.map(({ value }) => (value.case === 'dimValue' && value.value >= 0n ? Number(value.value) : -1));

const kindOf = (type: TypeProto | undefined): string => type?.value.case?.replace('Type', '') ?? 'nothing';
