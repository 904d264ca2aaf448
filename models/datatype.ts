/** The typed array that holds the elements of each Open Inference datatype. BYTES elements are byte strings. */
export interface Elements {
  BOOL: Uint8Array;
  UINT8: Uint8Array;
  UINT16: Uint16Array;
  UINT32: Uint32Array;
  UINT64: BigUint64Array;
  INT8: Int8Array;
  INT16: Int16Array;
  INT32: Int32Array;
  INT64: BigInt64Array;
  FP16: Float16Array;
  FP32: Float32Array;
  FP64: Float64Array;
  BYTES: readonly Uint8Array[];
}

export type Datatype = keyof Elements;
export type Fixed = Exclude<Datatype, 'BYTES'>;
export type Integer = 'UINT8' | 'UINT16' | 'UINT32' | 'UINT64' | 'INT8' | 'INT16' | 'INT32' | 'INT64';

/** Constructor of the elements of every datatype with a fixed size. */
export const arrays = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Float16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const satisfies { [D in Fixed]: new (length: number) => Elements[D] };

export const DATATYPES: readonly Datatype[] = [...(Object.keys(arrays) as Fixed[]), 'BYTES'];

const integers: Readonly<Record<Integer, { readonly min: number; readonly max: number }>> = {
  UINT8: { min: 0, max: 2 ** 8 - 1 },
  UINT16: { min: 0, max: 2 ** 16 - 1 },
  UINT32: { min: 0, max: 2 ** 32 - 1 },
  UINT64: { min: 0, max: Number.MAX_SAFE_INTEGER },
  INT8: { min: -(2 ** 7), max: 2 ** 7 - 1 },
  INT16: { min: -(2 ** 15), max: 2 ** 15 - 1 },
  INT32: { min: -(2 ** 31), max: 2 ** 31 - 1 },
  INT64: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
};

/** The integers that a JSON number can state exactly in this datatype; undefined for a datatype that is no integer. */
export const integerRange = (datatype: Datatype): { readonly min: number; readonly max: number } | undefined =>
  integers[datatype as Integer];

export const isFixed = (datatype: Datatype): datatype is Fixed => datatype !== 'BYTES';

export const isNumeric = (datatype: Datatype): boolean => datatype !== 'BYTES' && datatype !== 'BOOL';

export const isFloat = (datatype: Datatype): datatype is 'FP16' | 'FP32' | 'FP64' => /^FP/.test(datatype);

/** Bytes of one element in the binary extension; undefined for BYTES, whose elements state their own length. */
export const elementSize = (datatype: Datatype): number | undefined =>
  isFixed(datatype) ? arrays[datatype].BYTES_PER_ELEMENT : undefined;
