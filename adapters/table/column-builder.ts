import type { Column, ColumnType } from '../../models/frame.ts';
import { type CsvRecord, cellText } from './csv-scanner.ts';
import { plainDecimal } from './plain-decimal.ts';

/** Cells of one column, one after the other. */
export interface ColumnBuilder {
  /** Adds a record's cell at a position. @returns whether it is of the column's type */
  add(record: CsvRecord, k: number): boolean;
  /** Adds a cell by its text. */
  addText(cell: string): boolean;
  finish(): Column;
}

/** As JSON has it, and with a leading sign or point. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

/** What stands for a number that is not there. */
const ABSENT = new Set(['', 'NaN', 'nan', 'NA', 'N/A', 'null', 'NULL', 'None']);

/** The number that a cell states; NaN for none, undefined where it is another text. Never infinite. */
export function cellNumber(cell: string): number | undefined {
  if (NUMBER.test(cell)) return finite(Number(cell));
  return ABSENT.has(cell.trim()) ? Number.NaN : undefined;
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

export const columnBuilder = (name: string, type: ColumnType): ColumnBuilder =>
  type === 'number' ? numberBuilder(name) : textBuilder(name);

const FIRST_CAPACITY = 1024;

function numberBuilder(name: string): ColumnBuilder {
  let values = new Float64Array(FIRST_CAPACITY);
  let count = 0;
  const put = (value: number): void => {
    if (count === values.length) values = grown(values);
    values[count++] = value;
  };
  const addText = (cell: string): boolean => {
    const value = cellNumber(cell);
    put(value ?? Number.NaN);
    return value !== undefined;
  };
  return {
    add(record, k) {
      const [start, end] = [record.starts[k] as number, record.ends[k] as number];
      const value = plainDecimal(record.bytes, start, end);
      if (start < end && Number.isNaN(value)) return addText(cellText(record, k));
      put(value);
      return true;
    },
    addText,
    finish: () => ({ name, type: 'number', values: values.slice(0, count) }),
  };
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

/** Equal texts are kept once, and found by their bytes. */
function textBuilder(name: string): ColumnBuilder {
  const known = new Map<number, { readonly bytes: Buffer; readonly text: string }>();
  const values: (string | null)[] = [];
  const addText = (cell: string): boolean => values.push(cell === '' ? null : cell) > 0;
  return {
    add(record, k) {
      const { bytes } = record;
      const [start, end] = [record.starts[k] as number, record.ends[k] as number];
      if (start === end) return values.push(null) > 0;
      const hash = hashOf(bytes, start, end);
      const found = known.get(hash);
      if (found !== undefined && isSame(found.bytes, bytes, start, end)) return values.push(found.text) > 0;
      const text = cellText(record, k);
      if (found === undefined && known.size < MOST_KNOWN) {
        known.set(hash, { bytes: Buffer.from(bytes.subarray(start, end)), text });
      }
      return values.push(text) > 0;
    },
    addText,
    finish: () => ({ name, type: 'text', values }),
  };
}

const MOST_KNOWN = 100_000;

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
