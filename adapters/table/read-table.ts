import { createHash } from 'node:crypto';
import type { ModelFile } from '../../models/formats/format.ts';
import type { Frame } from '../../models/frame.ts';
import type { Table } from '../../models/learning/table.ts';
import { readCsvTable, type StatedTypes } from './read-csv-table.ts';
import { readLibsvmTable } from './read-libsvm-table.ts';
import { readParquet } from './read-parquet.ts';
import { readJsonLines } from './read-records.ts';
import { TableRefused } from './table-refused.ts';

/**
 * A table of any format, told by its content.
 * @param stated types of columns that are not to be told by their cells
 * @throws TableRefused naming file, line, column and rule
 */
export async function parseTable(file: ModelFile, stated: StatedTypes = {}): Promise<Table> {
  if (file.bytes.length === 0) throw new TableRefused({ where: file.name, rule: 'is empty' });
  const format = formatOf(file);
  const frame = await readers[format](file, stated);
  const stray = Object.keys(stated).find((name) => !frame.columns.some((column) => column.name === name));
  if (stray !== undefined)
    throw new TableRefused({ where: file.name, rule: 'must have every column whose type is stated', found: stray });
  return { name: file.name, format, sha256: createHash('sha256').update(file.bytes).digest('hex'), frame };
}

const readers: Readonly<Record<Table['format'], (file: ModelFile, stated: StatedTypes) => Frame | Promise<Frame>>> = {
  csv: readCsvTable,
  jsonl: readJsonLines,
  libsvm: readLibsvmTable,
  parquet: readParquet,
};

const PEEK = 4_096;

function formatOf({ bytes }: ModelFile): Table['format'] {
  const text = new TextDecoder().decode(bytes.subarray(0, PEEK));
  if (text.startsWith('PAR1')) return 'parquet';
  if (/^\uFEFF?\s*\{/.test(text)) return 'jsonl';
  return /^[-+\d.eE]+(\s+\d+:\S+)+\s*(#.*)?$/.test(text.split('\n', 1)[0] ?? '') ? 'libsvm' : 'csv';
}
