import type { Rows } from './rows.ts';

export type ColumnType = 'number' | 'text';

/** A column of numbers. A missing value is NaN. */
export interface NumberColumn {
  readonly name: string;
  readonly type: 'number';
  readonly values: Float64Array;
}

/** A column of texts. A missing value is null. */
export interface TextColumn {
  readonly name: string;
  readonly type: 'text';
  readonly values: readonly (string | null)[];
}

export type Column = NumberColumn | TextColumn;

/** A batch of original columns, before preparation. Every column has `count` values. */
export interface Frame {
  readonly count: number;
  readonly columns: readonly Column[];
}

/** A copy of these rows, in the order of the indices. */
export const selectFrame = ({ columns }: Frame, indices: Int32Array): Frame => ({
  count: indices.length,
  columns: columns.map((column) => selectColumn(column, indices)),
});

function selectColumn(column: Column, indices: Int32Array): Column {
  // Loops, where a table of millions of rows would wait for iterators.
  if (column.type === 'text') {
    const values = new Array<string | null>(indices.length);
    for (let i = 0; i < indices.length; i++) values[i] = column.values[indices[i] as number] as string | null;
    return { ...column, values };
  }
  const values = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) values[i] = column.values[indices[i] as number] as number;
  return { ...column, values };
}

/** All-numeric rows as columns of these names. */
export const frameOfRows = (names: readonly string[], { count, width, values }: Rows): Frame => ({
  count,
  columns: names.map((name, column) => ({
    name,
    type: 'number',
    values: Float64Array.from({ length: count }, (_, row) => values[row * width + column] as number),
  })),
});

/** The columns of numbers side by side, without those of these names; and the names that are left. */
export function numbersBut({ count, columns }: Frame, ...without: readonly string[]): { names: string[]; rows: Rows } {
  const kept = columns.filter((column) => column.type === 'number' && !without.includes(column.name)) as NumberColumn[];
  const width = kept.length;
  const values = new Float64Array(count * width);
  for (const [column, numbers] of kept.entries()) {
    for (let row = 0; row < count; row++) values[row * width + column] = numbers.values[row] as number;
  }
  return { names: kept.map(({ name }) => name), rows: { count, width, values } };
}

/** One column of numbers; empty where there is none of this name. */
export const numbersIn = ({ columns }: Frame, name: string): Float64Array => {
  const column = columns.find((candidate) => candidate.name === name);
  return column?.type === 'number' ? column.values : new Float64Array();
};
