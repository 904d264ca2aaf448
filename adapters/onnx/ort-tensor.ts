import type { Tensor as OrtTensor } from 'onnxruntime-node';
import type { Datatype } from '../../models/datatype.ts';
import { UnfitInput } from '../../models/errors.ts';
import type { Tensor } from '../../models/tensor.ts';

type OrtType = OrtTensor.Type;

const types = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Record<Datatype, OrtType>;

const datatypes: ReadonlyMap<OrtType, Datatype> = new Map(
  Object.entries(types).map(([datatype, type]) => [type, datatype as Datatype]),
);

/** The parts of ONNX Runtime's tensor. */
export interface OrtParts {
  readonly type: OrtType;
  readonly data: OrtTensor.DataType;
  readonly dims: readonly number[];
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws UnfitInput for bytes that are no text: ONNX Runtime's strings are text */
export function toOrt(name: string, { datatype, data, shape }: Tensor): OrtParts {
  if (datatype !== 'BYTES') return { type: types[datatype], data: data as OrtTensor.DataType, dims: shape };
  const texts = data.map((bytes, i) => {
    try {
      return strict.decode(bytes);
    } catch {
      throw new UnfitInput({ where: `input ${name}[${i}]`, rule: 'must be UTF-8: this model takes texts' });
    }
  });
  return { type: 'string', data: texts, dims: shape };
}

const utf8 = new TextEncoder();

/** @throws TypeError for a datatype that inspection lets no model answer */
export function fromOrt(name: string, { type, data, dims }: OrtParts): Tensor {
  const datatype = datatypes.get(type);
  if (datatype === undefined) throw new TypeError(`output ${name} is of type ${type}`);
  const shape = [...dims];
  if (datatype === 'BYTES') return { datatype, shape, data: (data as string[]).map((text) => utf8.encode(text)) };
  if (datatype === 'FP16') return { datatype, shape, data: halves(data as Uint16Array | Float16Array) };
  return { datatype, shape, data } as Tensor;
}

/** Half-precision numbers come as their bits where the runtime was built without a type for them. */
const halves = (data: Uint16Array | Float16Array): Float16Array =>
  data instanceof Uint16Array ? new Float16Array(data.buffer as ArrayBuffer, data.byteOffset, data.length) : data;
