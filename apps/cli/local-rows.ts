import { MalformedRequest, UnfitInput } from '../../models/errors.ts';
import { csvTable, type Table } from './csv-table.ts';
import type { Body, Input } from './input.ts';

/** The rows of an input: arrays, records, or bare numbers. @throws MalformedRequest for a body without rows */
export function rowsIn(input: Exclude<Input, { form: 'v2' }>): readonly unknown[] {
  if (input.form === 'csv') return fromTable(csvTable(input.text));
  return input.form === 'rows' ? input.rows : fromBody(input.body);
}

function fromBody({ instances, inputs, dataframe_records, dataframe_split }: Body): readonly unknown[] {
  const rows = instances ?? dataframe_records ?? inputs;
  if (Array.isArray(rows)) return rows;
  const { data } = (dataframe_split ?? {}) as Partial<Table>;
  if (Array.isArray(data)) return fromTable(dataframe_split as Table);
  throw new MalformedRequest({ where: 'body', rule: 'must hold rows, as instances or as dataframe_split' });
}

const fromTable = ({ columns, data }: Table): readonly unknown[] =>
  columns === undefined ? data : data.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));

/** Rows as numbers, row-major, in the order of the features. @throws UnfitInput naming row and feature */
export function numbersIn(rows: readonly unknown[], features: readonly string[]): Float64Array {
  const values = new Float64Array(rows.length * features.length);
  for (const [i, row] of rows.entries()) values.set(numbersOf(row, features, `row ${i + 1}`), i * features.length);
  return values;
}

function numbersOf(row: unknown, features: readonly string[], where: string): number[] {
  const cells = Array.isArray(row) || isRecord(row) ? row : [row];
  const found = Array.isArray(cells) ? cells.length : Object.keys(cells).length;
  if (found !== features.length) {
    const rule = `must have the ${features.length} features ${features.join(', ')}; it has ${found}`;
    throw new UnfitInput({ where, rule });
  }
  return features.map((name, i) => {
    const value = Array.isArray(cells) ? cells[i] : Object.hasOwn(cells, name) ? cells[name] : undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new UnfitInput({ where: `${where}, ${name},`, rule: 'must be a finite number', found: value });
  });
}

const isRecord = (row: unknown): row is Record<string, unknown> => row !== null && typeof row === 'object';
