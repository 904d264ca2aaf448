import { UnfitInput } from './errors.ts';
import type { Intake } from './features.ts';
import { INPUT } from './native.ts';
import { onnxSheet } from './onnx-sheet.ts';
import { fp64, type Tensor, type Tensors } from './tensor.ts';

/** Rows on their way to tensors: one value after the other, each at its row and feature. */
export interface Sheet {
  /**
   * @param where the place of the row, and `key` the value's place in it, for errors
   * @throws UnfitInput for a value that the feature does not take
   */
  put(row: number, column: number, value: unknown, where: string, key?: string | number): void;
  tensors(): Tensors;
}

/**
 * A sheet of so many rows: one tensor for all where every feature is a number, otherwise one a feature; a model with
 * inputs of its own has them as it names them.
 */
export function sheetOf(intake: Intake, count: number): Sheet {
  if (intake.onnx) return onnxSheet(intake, count);
  return intake.types === undefined ? numberSheet(intake, count) : mixedSheet(intake, count);
}

function numberSheet({ features, missing }: Intake, count: number): Sheet {
  const width = features.length;
  const values = new Float64Array(count * width);
  return {
    put(row, column, value, where, key) {
      values[row * width + column] =
        typeof value === 'number' && Number.isFinite(value)
          ? value
          : numberAt(value, missing?.includes(features[column] as string), where, key);
    },
    tensors: () => new Map([[INPUT, fp64([count, width], values)]]),
  };
}

const utf8 = new TextEncoder();
const MISSING = new Uint8Array();

interface SheetColumn {
  put(row: number, value: unknown, where: string, key?: string | number): void;
  tensor(): Tensor;
}

function mixedSheet({ features, types = {}, missing = [] }: Intake, count: number): Sheet {
  const columns = features.map((name) => {
    const takesMissing = missing.includes(name);
    return Object.hasOwn(types, name) ? textColumn(count, takesMissing) : numberColumn(count, takesMissing);
  });
  return {
    put: (row, column, value, where, key) => columns[column]?.put(row, value, where, key),
    tensors: () => new Map(columns.map((column, k) => [features[k] as string, column.tensor()])),
  };
}

function numberColumn(count: number, takesMissing: boolean): SheetColumn {
  const values = new Float64Array(count);
  return {
    put(row, value, where, key) {
      values[row] = numberAt(value, takesMissing, where, key);
    },
    tensor: () => fp64([count], values),
  };
}

function textColumn(count: number, takesMissing: boolean): SheetColumn {
  const values = new Array<Uint8Array>(count);
  return {
    put(row, value, where, key) {
      values[row] = textAt(value, takesMissing, where, key);
    },
    tensor: () => ({ datatype: 'BYTES', shape: [count], data: values }),
  };
}

const placeOf = (where: string, key: string | number | undefined): string => {
  if (key === undefined) return where;
  return typeof key === 'number' ? `${where}[${key}]` : `${where}.${key}`;
};

const NOT_MISSING = 'must not be missing: this model takes no missing values';

function numberAt(value: unknown, takesMissing = false, where: string, key?: string | number): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value === null && takesMissing) return Number.NaN;
  const rule = value === null ? NOT_MISSING : 'must be a finite number';
  throw new UnfitInput({ where: placeOf(where, key), rule, found: value });
}

function textAt(value: unknown, takesMissing: boolean, where: string, key?: string | number): Uint8Array {
  if (typeof value === 'boolean') return utf8.encode(String(value));
  if (typeof value === 'string' && value !== '' && value.isWellFormed()) return utf8.encode(value);
  const isMissing = value === null || value === '';
  if (isMissing && takesMissing) return MISSING;
  throw new UnfitInput({ where: placeOf(where, key), rule: isMissing ? NOT_MISSING : 'must be a text', found: value });
}
