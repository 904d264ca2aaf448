import { MalformedRequest, UnfitInput } from '../../models/errors.ts';
import type { Intake } from '../../models/features.ts';
import { sheetOf } from '../../models/sheet.ts';
import type { Tensors } from '../../models/tensor.ts';
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

/** Rows as the tensors that a model takes. @throws UnfitInput naming row and feature */
export function tensorsOfRows(rows: readonly unknown[], intake: Intake): Tensors {
  const sheet = sheetOf(intake, rows.length);
  for (const [i, row] of rows.entries()) {
    const cells = cellsOf(row, intake.features, `row ${i + 1}`);
    for (const [column, value] of cells.entries()) sheet.put(i, column, value, `row ${i + 1}`, intake.features[column]);
  }
  return sheet.tensors();
}

function cellsOf(row: unknown, features: readonly string[], where: string): readonly unknown[] {
  const cells = Array.isArray(row) || isRecord(row) ? row : [row];
  const found = Array.isArray(cells) ? cells.length : Object.keys(cells).length;
  if (found !== features.length) {
    const rule = `must have the ${features.length} features ${features.join(', ')}; it has ${found}`;
    throw new UnfitInput({ where, rule });
  }
  return Array.isArray(cells) ? cells : features.map((name) => (Object.hasOwn(cells, name) ? cells[name] : undefined));
}

const isRecord = (row: unknown): row is Record<string, unknown> => row !== null && typeof row === 'object';
