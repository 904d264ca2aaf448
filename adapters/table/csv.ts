import { type CsvError, parse } from 'csv-parse/sync';
import { decimal } from '../../models/decimal.ts';
import { ModelFileRefused } from '../../models/errors.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import { readText } from '../../models/formats/text.ts';
import type { Rows } from '../../models/rows.ts';

/** A table as text: named columns, and records with the line of the file that each ends on. */
export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  readonly records: readonly Record[];
}

interface Record {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads CSV by RFC 4180, with a header line.
 * @throws ModelFileRefused where the file is not UTF-8, a record has more or fewer cells than the header, a quote is
 * open, or two columns have one name
 */
export function readCsv(file: ModelFile): Table {
  const [header, ...records] = parseRecords(file);
  if (header === undefined) throw new ModelFileRefused({ where: file.name, rule: 'must begin with a header line' });
  const columns = header.cells;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ModelFileRefused({ where: `${file.name} line 1`, rule: 'must name every column once', found: twice });
  }
  return { file: file.name, columns, records };
}

function parseRecords(file: ModelFile): Record[] {
  const text = readText(file);
  try {
    const parsed = parse(text, { info: true, skip_empty_lines: true }) as unknown as {
      info: { lines: number };
      record: string[];
    }[];
    return parsed.map(({ info, record }) => ({ line: info.lines, cells: record }));
  } catch (cause) {
    const { code, lines } = cause as CsvError & { lines?: number };
    const where = lines === undefined ? file.name : `${file.name} line ${lines}`;
    throw new ModelFileRefused({ where, rule: wording[code] ?? 'must be CSV' }, { cause });
  }
}

const wording: { readonly [code: string]: string } = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'must have as many cells as the header',
  CSV_QUOTE_NOT_CLOSED: 'must close its quote',
  CSV_INVALID_CLOSING_QUOTE: 'must have nothing between a closing quote and the next comma',
  INVALID_OPENING_QUOTE: 'must have nothing between a comma and an opening quote',
};

/**
 * These columns as numbers, in this order.
 * @throws ModelFileRefused naming line and column where there is no such column, or a cell is no finite number
 */
export function numericRows(table: Table, columns: readonly string[]): Rows {
  const positions = columns.map((name) => positionOf(table, name));
  const width = columns.length;
  const values = new Float64Array(table.records.length * width);
  for (const [row, { line, cells }] of table.records.entries()) {
    for (let column = 0; column < width; column++) {
      const cell = cells[positions[column] as number] as string;
      const value = decimal(cell.trim());
      if (!Number.isFinite(value)) {
        const where = `${table.file} line ${line}, column ${JSON.stringify(columns[column])}`;
        throw new ModelFileRefused({ where, rule: 'must be a finite number', found: cell });
      }
      values[row * width + column] = value;
    }
  }
  return { count: table.records.length, width, values };
}

/** One column as numbers. @throws ModelFileRefused as `numericRows` */
export const numericColumn = (table: Table, column: string): Float64Array => numericRows(table, [column]).values;

function positionOf({ file, columns }: Table, name: string): number {
  const position = columns.indexOf(name);
  if (position !== -1) return position;
  const rule = `must have a column ${JSON.stringify(name)}; it has ${columns.map((column) => JSON.stringify(column)).join(', ')}`;
  throw new ModelFileRefused({ where: file, rule });
}
