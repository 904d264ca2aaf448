import { createHash } from 'node:crypto';
import type { ModelFile } from '../../models/formats/format.ts';
import type { Frame } from '../../models/frame.ts';
import type { Table } from '../../models/learning/table.ts';
import { readCsvTable, type StatedTypes } from './read-csv-table.ts';
import { readLibsvmTable } from './read-libsvm-table.ts';
import { readParquet } from './read-parquet.ts';
import { readJsonLines } from './read-records.ts';
import { TableRefused } from './table-refused.ts';
import { sourceOfBytes, type TableSource } from './table-source.ts';

/**
 * A table of any format, told by its content. CSV is read piece by piece; other formats come into memory as they are.
 * @param stated types of columns that are not to be told by their cells
 * @throws TableRefused naming file, line, column and rule
 */
export async function readTable(source: TableSource, stated: StatedTypes = {}): Promise<Table> {
  const { name } = source;
  if (source.size === 0) throw new TableRefused({ where: name, rule: 'is empty' });
  const format = formatOf(await beginningOf(source));
  const hash = createHash('sha256');
  const frame = await framed(source, format, stated, (piece) => hash.update(piece));
  const stray = Object.keys(stated).find((name) => !frame.columns.some((column) => column.name === name));
  if (stray !== undefined)
    throw new TableRefused({ where: name, rule: 'must have every column whose type is stated', found: stray });
  return { name, format, sha256: hash.digest('hex'), frame };
}

/** A table that is in memory already. @throws TableRefused */
export const parseTable = (file: ModelFile, stated: StatedTypes = {}): Promise<Table> =>
  readTable(sourceOfBytes(file), stated);

async function framed(
  source: TableSource,
  format: Table['format'],
  stated: StatedTypes,
  onPiece: (piece: Uint8Array) => void,
): Promise<Frame> {
  if (format === 'csv') return readCsvTable(source, stated, onPiece);
  const file = { name: source.name, bytes: await source.whole() };
  onPiece(file.bytes);
  return wholeReaders[format](file, stated);
}

const wholeReaders = {
  jsonl: readJsonLines,
  libsvm: readLibsvmTable,
  parquet: readParquet,
} satisfies Record<string, (file: ModelFile, stated: StatedTypes) => Frame | Promise<Frame>>;

async function beginningOf(source: TableSource): Promise<Uint8Array> {
  for await (const piece of source.pieces()) return piece;
  return new Uint8Array();
}

const PEEK = 4_096;

function formatOf(bytes: Uint8Array): Table['format'] {
  const text = new TextDecoder().decode(bytes.subarray(0, PEEK));
  if (text.startsWith('PAR1')) return 'parquet';
  if (/^\uFEFF?\s*\{/.test(text)) return 'jsonl';
  return /^[-+\d.eE]+(\s+\d+:\S+)+\s*(#.*)?$/.test(text.split('\n', 1)[0] ?? '') ? 'libsvm' : 'csv';
}
