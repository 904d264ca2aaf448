import { arrays, type Datatype, integerRange, isFloat } from './datatype.ts';
import { UnfitInput } from './errors.ts';
import type { Intake } from './features.ts';
import type { Sheet } from './sheet.ts';
import type { TensorSpec } from './signature.ts';
import type { Tensor } from './tensor.ts';

/** A sheet for a model whose inputs are columns, or one matrix, of any datatype. */
export function onnxSheet({ signature, features, onnx }: Intake, count: number): Sheet {
  const inputs = signature?.inputs ?? [];
  const isMatrix = onnx?.layout === 'matrix';
  const columns = inputs.map((spec) => values(spec.datatype, count * (isMatrix ? features.length : 1)));
  return {
    put(row, column, value, where, key) {
      const place = key === undefined ? where : typeof key === 'number' ? `${where}[${key}]` : `${where}.${key}`;
      const [input, at] = isMatrix ? [0, row * features.length + column] : [column, row];
      columns[input]?.put(at, value, place);
    },
    tensors: () =>
      new Map(
        inputs.map((spec, i) => [spec.name, columns[i]?.tensor([count, ...spec.shape.slice(1)]) as Tensor] as const),
      ),
  };
}

interface Values {
  put(at: number, value: unknown, where: string): void;
  tensor(shape: readonly number[]): Tensor;
}

function values(datatype: Datatype, length: number): Values {
  if (datatype === 'BYTES') {
    const data = new Array<Uint8Array>(length);
    return {
      put: (at, value, where) => {
        data[at] = textAt(value, where);
      },
      tensor: (shape) => ({ datatype, shape, data }),
    };
  }
  const data = new arrays[datatype](length);
  const read = numberReader(datatype);
  return {
    put: (at, value, where) => {
      data[at] = read(value, where);
    },
    tensor: (shape) => ({ datatype, shape, data }) as Tensor,
  };
}

type Reader = (value: unknown, where: string) => number | bigint;

function numberReader(datatype: Exclude<Datatype, 'BYTES'>): Reader {
  if (isFloat(datatype)) return floatReader(datatype);
  return datatype === 'BOOL' ? truthAt : integerReader(datatype);
}

/** A missing value is NaN; a number is rounded to what the datatype holds. */
const floatReader =
  (datatype: 'FP16' | 'FP32' | 'FP64'): Reader =>
  (value, where) => {
    if (value === null) return Number.NaN;
    const number = typeof value === 'boolean' ? Number(value) : value;
    const rounded = typeof number === 'number' ? new arrays[datatype]([number])[0] : undefined;
    if (rounded !== undefined && Number.isFinite(rounded)) return rounded;
    throw new UnfitInput({ where, rule: `must be a finite number within ${datatype}`, found: value });
  };

const integerReader =
  (datatype: Datatype): Reader =>
  (value, where) => {
    const { min, max } = integerRange(datatype) as { min: number; max: number };
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (!Number.isInteger(number) || (number as number) < min || (number as number) > max) {
      throw new UnfitInput({ where, rule: `must be a whole number from ${min} to ${max}`, found: value });
    }
    return datatype.endsWith('64') ? BigInt(number as number) : (number as number);
  };

const truthAt: Reader = (value, where) => {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  throw new UnfitInput({ where, rule: 'must be true or false', found: value });
};

const utf8 = new TextEncoder();

function textAt(value: unknown, where: string): Uint8Array {
  if (typeof value === 'string' && value.isWellFormed()) return utf8.encode(value);
  throw new UnfitInput({ where, rule: 'must be a text', found: value });
}

/**
 * One input of any shape, from nested arrays as JSON has them.
 * @throws UnfitInput where it does not fill a shape of the input's, or an element is none of its datatype
 */
export function nestedTensor({ name, datatype, shape }: TensorSpec, data: unknown, where: string): Tensor {
  const found = shapeOf(data, shape.length);
  const elements = found.reduce((product, size) => product * size, 1);
  const sink = values(datatype, elements);
  let at = 0;
  /** Of an array, that of the first one beside it; what is none is told of the model's. */
  const lengthAt = (axis: number, value: unknown): number | string => {
    const length = (Array.isArray(value) ? found : shape)[axis] as number;
    return length === -1 ? 'any length' : length;
  };
  const fill = (value: unknown, axis: number, place: string): void => {
    if (axis === shape.length) {
      sink.put(at++, value, place);
      return;
    }
    if (!Array.isArray(value) || value.length !== found[axis]) {
      const rule = `must be an array of ${lengthAt(axis, value)}, as input ${name} has shape [${shape}]`;
      throw new UnfitInput({ where: place, rule, found: value });
    }
    for (const [i, inner] of value.entries()) fill(inner, axis + 1, `${place}[${i}]`);
  };
  fill(data, 0, where);
  return sink.tensor(found);
}

/** The lengths down the first elements. */
function shapeOf(data: unknown, rank: number): number[] {
  const lengths: number[] = [];
  for (let inner = data; lengths.length < rank; inner = (inner as unknown[] | undefined)?.[0]) {
    lengths.push(Array.isArray(inner) ? inner.length : 0);
  }
  return lengths;
}
