import type { Column, ColumnType } from '../../models/frame.ts';

/** Cells of one column, one after the other. */
export interface ColumnBuilder {
  /** Whether the cell is of the column's type. */
  add(cell: string): boolean;
  finish(): Column;
}

/** As JSON has it, and with a leading sign or point. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

/** What stands for a number that is not there. */
const ABSENT = new Set(['', 'NaN', 'nan', 'NA', 'N/A', 'null', 'NULL', 'None']);

/** Digits, which `Number` reads faster than a pattern tells. */
const DIGITS_AND_POINTS = /^-?\d+(\.\d+)?$/;

/** The number that a cell states; NaN for none, undefined where it is another text. Never infinite. */
export function cellNumber(cell: string): number | undefined {
  if (DIGITS_AND_POINTS.test(cell)) return finite(Number(cell));
  if (ABSENT.has(cell.trim())) return Number.NaN;
  return NUMBER.test(cell) ? finite(Number(cell)) : undefined;
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

export const columnBuilder = (name: string, type: ColumnType): ColumnBuilder =>
  type === 'number' ? numberBuilder(name) : textBuilder(name);

const FIRST_CAPACITY = 1024;

function numberBuilder(name: string): ColumnBuilder {
  let values = new Float64Array(FIRST_CAPACITY);
  let count = 0;
  return {
    add(cell) {
      const value = cellNumber(cell);
      if (count === values.length) values = grown(values);
      values[count++] = value ?? Number.NaN;
      return value !== undefined;
    },
    finish: () => ({ name, type: 'number', values: values.slice(0, count) }),
  };
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

/** Equal texts are kept once. */
function textBuilder(name: string): ColumnBuilder {
  const known = new Map<string, string>();
  const values: (string | null)[] = [];
  return {
    add(cell) {
      if (cell === '') return values.push(null) > 0;
      const text = known.get(cell) ?? cell;
      if (known.size < MOST_KNOWN) known.set(text, text);
      return values.push(text) > 0;
    },
    finish: () => ({ name, type: 'text', values }),
  };
}

const MOST_KNOWN = 100_000;
