import { arrays, type Datatype, integerRange } from './datatype.ts';
import { MalformedRequest, ModeldropError, UnfitInput } from './errors.ts';
import { elementCount, type Tensor } from './tensor.ts';

/** An output value that JSON has no word for. The binary extension carries it as it is. */
export class NotInJson extends ModeldropError {
  override readonly name = 'NotInJson';
  readonly status = 422;
  constructor(output: string, index: number, why: string) {
    super(`output ${output}[${index}] ${why}; ask for it with "binary_data": true`, { output, index, why });
  }
}

/**
 * Reads the `data` of an Open Inference JSON tensor, nested or flat, row-major.
 * @param where the tensor's place in the request, for errors, such as `inputs[0].data`
 * @throws MalformedRequest where shape and data disagree, or an element is no exact value of the datatype
 * @param takesMissing whether null stands for a missing value, NaN or an empty text
 * @throws UnfitInput where an element is null, and does not
 */
export function tensorFromJson(
  where: string,
  datatype: Datatype,
  shape: readonly number[],
  data: unknown,
  takesMissing = false,
): Tensor {
  if (!Array.isArray(data)) throw new MalformedRequest({ where, rule: 'must be an array', found: data });
  const elements = flatten(where, data, shape);
  return { datatype, shape, data: readers[datatype](elements, where, takesMissing) } as Tensor;
}

/** The flat JSON form of a tensor's elements. @throws NotInJson */
export function tensorToJson(name: string, tensor: Tensor): unknown[] {
  switch (tensor.datatype) {
    case 'BOOL':
      return Array.from(tensor.data, (element) => element !== 0);
    case 'INT64':
    case 'UINT64':
      return Array.from(tensor.data, exactInteger);
    case 'FP16':
    case 'FP32':
    case 'FP64':
      return finiteNumbers(name, tensor.data);
    case 'BYTES':
      return tensor.data.map((bytes, index) => text(name, bytes, index));
    default:
      return Array.from(tensor.data);
  }
}

function flatten(where: string, data: unknown[], shape: readonly number[]): unknown[] {
  const count = elementCount(shape);
  if (!data.some(Array.isArray)) {
    if (data.length !== count) throw misshapen(where, shape, count, data);
    return data;
  }
  const flat: unknown[] = [];
  const walk = (value: unknown, dimension: number, place: string): void => {
    if (dimension === shape.length) {
      flat.push(value);
      return;
    }
    if (!Array.isArray(value) || value.length !== shape[dimension]) {
      throw misshapen(place, shape, shape[dimension] as number, value);
    }
    for (let i = 0; i < value.length; i++) walk(value[i], dimension + 1, `${place}[${i}]`);
  };
  walk(data, 0, where);
  return flat;
}

const misshapen = (where: string, shape: readonly number[], expected: number, found: unknown): MalformedRequest =>
  new MalformedRequest({ where, rule: `must hold ${expected} elements to fill shape [${shape}]`, found });

type Reader = (elements: readonly unknown[], where: string, takesMissing: boolean) => Tensor['data'];

const float =
  (datatype: 'FP16' | 'FP32' | 'FP64'): Reader =>
  (elements, where, takesMissing) => {
    const data = new arrays[datatype](elements.length);
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i];
      if (element === null && takesMissing) {
        data[i] = Number.NaN;
        continue;
      }
      if (typeof element !== 'number') throw wrongElement(where, i, 'must be a number', element);
      data[i] = element;
      if (!Number.isFinite(data[i]))
        throw wrongElement(where, i, `must be a finite number within ${datatype}`, element);
    }
    return data;
  };

const integer =
  (datatype: Exclude<keyof typeof arrays, 'BOOL' | 'FP16' | 'FP32' | 'FP64'>): Reader =>
  (elements, where) => {
    const { min, max } = integerRange(datatype) as { min: number; max: number };
    const data = new arrays[datatype](elements.length);
    const wide = data instanceof BigInt64Array || data instanceof BigUint64Array;
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i];
      if (!Number.isInteger(element) || (element as number) < min || (element as number) > max) {
        throw wrongElement(where, i, `must be an integer from ${min} to ${max}`, element);
      }
      data[i] = wide ? BigInt(element as number) : (element as number);
    }
    return data;
  };

const boolean: Reader = (elements, where) =>
  Uint8Array.from(elements, (element, i) => {
    if (element === true || element === 1) return 1;
    if (element === false || element === 0) return 0;
    throw wrongElement(where, i, 'must be true or false', element);
  });

const utf8 = new TextEncoder();

const bytes: Reader = (elements, where, takesMissing) =>
  elements.map((element, i) => {
    if (element === null && takesMissing) return new Uint8Array();
    if (typeof element !== 'string') throw wrongElement(where, i, 'must be a string', element);
    if (!element.isWellFormed()) throw wrongElement(where, i, 'must be well-formed Unicode', element);
    return utf8.encode(element);
  });

const readers: Record<Datatype, Reader> = {
  BOOL: boolean,
  UINT8: integer('UINT8'),
  UINT16: integer('UINT16'),
  UINT32: integer('UINT32'),
  UINT64: integer('UINT64'),
  INT8: integer('INT8'),
  INT16: integer('INT16'),
  INT32: integer('INT32'),
  INT64: integer('INT64'),
  FP16: float('FP16'),
  FP32: float('FP32'),
  FP64: float('FP64'),
  BYTES: bytes,
};

function wrongElement(where: string, index: number, rule: string, found: unknown): ModeldropError {
  const place = `${where}[${index}]`;
  return found === null
    ? new UnfitInput({ where: place, rule: 'must not be missing: this model takes no missing values', found })
    : new MalformedRequest({ where: place, rule, found });
}

const isSafe = (value: bigint): boolean => BigInt.asIntN(53, value) === value;

/** A JSON number of full precision, however large. */
const exactInteger = (value: bigint): unknown =>
  isSafe(value) ? Number(value) : (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value));

function finiteNumbers(name: string, data: ArrayLike<number>): number[] {
  const numbers = new Array<number>(data.length);
  for (let i = 0; i < data.length; i++) {
    const element = data[i] as number;
    if (!Number.isFinite(element)) throw new NotInJson(name, i, `is ${element}, which JSON cannot state`);
    numbers[i] = element;
  }
  return numbers;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(name: string, element: Uint8Array, index: number): string {
  try {
    return strictUtf8.decode(element);
  } catch {
    throw new NotInJson(name, index, 'is not UTF-8');
  }
}
