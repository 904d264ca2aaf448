import type { Datatype } from '../../datatype.ts';

/** Our datatype of each of ONNX's TensorProto.DataType, and the bytes of one element as raw data. */
const types: Readonly<Record<number, { readonly datatype: Datatype; readonly bytes: number }>> = {
  1: { datatype: 'FP32', bytes: 4 },
  2: { datatype: 'UINT8', bytes: 1 },
  3: { datatype: 'INT8', bytes: 1 },
  4: { datatype: 'UINT16', bytes: 2 },
  5: { datatype: 'INT16', bytes: 2 },
  6: { datatype: 'INT32', bytes: 4 },
  7: { datatype: 'INT64', bytes: 8 },
  8: { datatype: 'BYTES', bytes: 0 },
  9: { datatype: 'BOOL', bytes: 1 },
  10: { datatype: 'FP16', bytes: 2 },
  11: { datatype: 'FP64', bytes: 8 },
  12: { datatype: 'UINT32', bytes: 4 },
  13: { datatype: 'UINT64', bytes: 8 },
};

export const FLOAT = 1;
export const INT64 = 7;
export const STRING = 8;

export const datatypeOf = (elementType: number): Datatype | undefined => types[elementType]?.datatype;

/** Undefined for texts, which have no size, and for types that are none of ours. */
export const elementBytes = (elementType: number): number | undefined => types[elementType]?.bytes || undefined;
