import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CsvError, parse } from 'csv-parse';
import type { ModelFile } from '../../models/formats/format.ts';
import type { ColumnType, Frame } from '../../models/frame.ts';
import { type ColumnBuilder, cellNumber, columnBuilder } from './column-builder.ts';
import { TableRefused } from './table-refused.ts';

export type StatedTypes = Readonly<Record<string, ColumnType>>;

/**
 * CSV with a header line, by RFC 4180 or with `;`, tab or `|` for the comma. A column is of numbers if every cell is
 * one, or is missing. Records never exist all at once: cells go straight into typed columns.
 * @throws TableRefused naming line and column
 */
export async function readCsvTable(file: ModelFile, stated: StatedTypes = {}): Promise<Frame> {
  const texts = new Set(Object.keys(stated).filter((name) => stated[name] === 'text'));
  for (;;) {
    const { frame, strays } = await readAs(file, texts, stated);
    if (strays.size === 0) return frame;
    for (const [name, { line, cell }] of strays) {
      if (stated[name] === 'number') throw notNumber(file, line, name, cell);
      texts.add(name);
    }
  }
}

interface Stray {
  readonly line: number;
  readonly cell: string;
}

interface Reading {
  readonly frame: Frame;
  /** Columns of numbers that hold something else, and where first. */
  readonly strays: ReadonlyMap<string, Stray>;
}

/** Rows by which the types are told; a column that turns out to hold texts later on is read again. */
const EARLY = 1_000;

async function readAs(file: ModelFile, texts: ReadonlySet<string>, stated: StatedTypes): Promise<Reading> {
  const strays = new Map<string, Stray>();
  const early: { record: readonly string[]; line: number }[] = [];
  let names: readonly string[] | undefined;
  let builders: readonly ColumnBuilder[] | undefined;
  let count = 0;

  const add = (record: readonly string[], line: number): void => {
    const columns = builders as readonly ColumnBuilder[];
    for (let k = 0; k < columns.length; k++) {
      const cell = record[k] as string;
      if ((columns[k] as ColumnBuilder).add(cell)) continue;
      const name = (names as readonly string[])[k] as string;
      checkFinite(file, line, name, cell);
      if (!strays.has(name)) strays.set(name, { line, cell });
    }
  };
  const begin = (columns: readonly string[]): void => {
    builders = columns.map((name, k) => {
      const isText =
        texts.has(name) || (stated[name] !== 'number' && early.some(({ record }) => holdsText(record[k] as string)));
      return columnBuilder(name, isText ? 'text' : 'number');
    });
    for (const { record, line } of early) add(record, line);
  };
  await parseRecords(file, (record, line) => {
    if (names === undefined) {
      names = checkedHeader(file, record);
      return;
    }
    count += 1;
    if (builders !== undefined) return add(record, line);
    early.push({ record, line });
    if (count === EARLY) begin(names);
  });
  if (names === undefined) throw new TableRefused({ where: file.name, rule: 'must begin with a header line' });
  if (count === 0) throw new TableRefused({ where: file.name, rule: 'must hold rows below its header' });
  if (builders === undefined) begin(names);
  return {
    frame: { count, columns: (builders as unknown as ColumnBuilder[]).map((builder) => builder.finish()) },
    strays,
  };
}

const CHUNK = 1 << 20;

function* chunksOf({ bytes }: ModelFile): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

async function parseRecords(file: ModelFile, each: (record: string[], line: number) => void): Promise<void> {
  checkUtf8(file);
  let failure: unknown;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(file),
    skip_empty_lines: true,
    on_record: (record: string[], { lines }) => {
      try {
        each(record, lines);
      } catch (error) {
        failure = error;
        throw error;
      }
      return null;
    },
  });
  parser.resume();
  try {
    await pipeline(Readable.from(chunksOf(file), { objectMode: false }), parser);
  } catch (cause) {
    if (failure !== undefined) throw failure;
    throw wordedRefusal(file, cause as CsvError & { lines?: number });
  }
}

/** Strictly, piece by piece: a decoder would put U+FFFD where bytes are wrong. */
function checkUtf8(file: ModelFile): void {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let at = 0;
  try {
    for (const chunk of chunksOf(file)) {
      decoder.decode(chunk, { stream: true });
      at += chunk.length;
    }
    decoder.decode();
  } catch (cause) {
    throw new TableRefused({ where: `${file.name}, near byte ${at},`, rule: 'must be UTF-8' }, { cause });
  }
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What parts the header most often, outside of quotes. */
function delimiterOf({ bytes }: ModelFile): string {
  const [header = ''] = new TextDecoder()
    .decode(bytes.subarray(0, CHUNK))
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n/);
  const parts = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (parts(delimiter) > parts(best) ? delimiter : best));
}

function checkedHeader(file: ModelFile, header: readonly string[]): readonly string[] {
  const where = `${file.name} line 1`;
  const names = header.map((name) => name.trim());
  const nameless = names.indexOf('');
  if (nameless !== -1)
    throw new TableRefused({ where, rule: `must name every column, but column ${nameless + 1} has none` });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TableRefused({ where, rule: 'must name every column once', found: twice });
  return names;
}

const INFINITE = /^\s*[+-]?inf(inity)?\s*$/i;

/** Infinite, or too large for a double: meant as a number. */
const isInfinite = (cell: string): boolean =>
  INFINITE.test(cell) || Math.abs(Number(cell)) === Number.POSITIVE_INFINITY;

const holdsText = (cell: string): boolean => cellNumber(cell) === undefined && !isInfinite(cell);

/** One such cell must not make its whole column text. */
function checkFinite(file: ModelFile, line: number, name: string, cell: string): void {
  if (isInfinite(cell)) throw notNumber(file, line, name, cell);
}

const notNumber = (file: ModelFile, line: number, name: string, found: string): TableRefused =>
  new TableRefused({
    where: `${file.name} line ${line}, column ${JSON.stringify(name)}`,
    rule: 'must be a finite number, or empty',
    found,
  });

const wording: { readonly [code: string]: string } = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'must have as many cells as the header',
  CSV_QUOTE_NOT_CLOSED: 'must close its quote',
  CSV_INVALID_CLOSING_QUOTE: 'must have nothing between a closing quote and the next delimiter',
  INVALID_OPENING_QUOTE: 'must have nothing between a delimiter and an opening quote',
};

function wordedRefusal(file: ModelFile, cause: CsvError & { lines?: number }): TableRefused {
  const where = cause.lines === undefined ? file.name : `${file.name} line ${cause.lines}`;
  return new TableRefused({ where, rule: wording[cause.code] ?? 'must be CSV' }, { cause });
}
