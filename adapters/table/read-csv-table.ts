import { isUtf8 } from 'node:buffer';
import type { ColumnType, Frame } from '../../models/frame.ts';
import { type ColumnBuilder, cellNumber, columnBuilder } from './column-builder.ts';
import { type CsvBreach, CsvBroken, type CsvRecord, cellText, csvScanner } from './csv-scanner.ts';
import { TableRefused } from './table-refused.ts';
import type { TableSource } from './table-source.ts';

export type StatedTypes = Readonly<Record<string, ColumnType>>;

/**
 * CSV with a header line, by RFC 4180 or with `;`, tab or `|` for the comma. A column is of numbers if every cell is
 * one, or is missing. Neither the file nor its records exist all at once: cells go straight into typed columns.
 * @param onPiece is handed every piece of the file once
 * @throws TableRefused naming line and column
 */
export async function readCsvTable(
  file: TableSource,
  stated: StatedTypes = {},
  onPiece: (piece: Uint8Array) => void = () => {},
): Promise<Frame> {
  const texts = new Set(Object.keys(stated).filter((name) => stated[name] === 'text'));
  for (let again = false; ; again = true) {
    const { frame, strays } = await readAs(file, texts, stated, again ? () => {} : onPiece);
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

async function readAs(
  file: TableSource,
  texts: ReadonlySet<string>,
  stated: StatedTypes,
  onPiece: (piece: Uint8Array) => void,
): Promise<Reading> {
  const strays = new Map<string, Stray>();
  const early: { cells: readonly string[]; line: number }[] = [];
  let names: readonly string[] = [];
  let builders: readonly ColumnBuilder[] | undefined;
  let count = 0;

  const note = (k: number, cell: string, line: number): void => {
    const name = names[k] as string;
    checkFinite(file, line, name, cell);
    if (!strays.has(name)) strays.set(name, { line, cell });
  };
  const begin = (): readonly ColumnBuilder[] => {
    const begun = names.map((name, k) => {
      const isText =
        texts.has(name) || (stated[name] !== 'number' && early.some(({ cells }) => holdsText(cells[k] as string)));
      return columnBuilder(name, isText ? 'text' : 'number');
    });
    for (const { cells, line } of early) {
      for (let k = 0; k < begun.length; k++) {
        if (!(begun[k] as ColumnBuilder).addText(cells[k] as string)) note(k, cells[k] as string, line);
      }
    }
    return begun;
  };
  await eachRecord(file, onPiece, (record) => {
    if (names.length === 0) {
      names = checkedHeader(file, cellsOf(record));
      return;
    }
    if (record.count !== names.length) throw misshapen(file, record.line);
    count += 1;
    if (builders !== undefined) {
      for (let k = 0; k < builders.length; k++) {
        if (!(builders[k] as ColumnBuilder).add(record, k)) note(k, cellText(record, k), record.line);
      }
      return;
    }
    early.push({ cells: cellsOf(record), line: record.line });
    if (count === EARLY) builders = begin();
  });
  if (names.length === 0) throw new TableRefused({ where: file.name, rule: 'must begin with a header line' });
  if (count === 0) throw new TableRefused({ where: file.name, rule: 'must hold rows below its header' });
  builders ??= begin();
  return { frame: { count, columns: builders.map((builder) => builder.finish()) }, strays };
}

const cellsOf = (record: CsvRecord): string[] => Array.from({ length: record.count }, (_, k) => cellText(record, k));

/** Longer than any honest record: most likely its quote never closes. */
const LONGEST_RECORD = 1 << 23;

async function eachRecord(
  file: TableSource,
  onPiece: (piece: Uint8Array) => void,
  each: (record: CsvRecord) => void,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let scanner: ReturnType<typeof csvScanner> | undefined;
  const scan = (bytes: Buffer, isLast: boolean): Buffer => {
    scanner ??= csvScanner(delimiterOf(bytes), each);
    checkUtf8(file, bytes, isLast, scanner.line);
    const taken = scanning(file, () => (scanner as NonNullable<typeof scanner>).scan(bytes, isLast));
    if (bytes.length - taken > LONGEST_RECORD) throw broken(file, 'open-quote', scanner.line + 1);
    return bytes.subarray(taken);
  };
  for await (const piece of file.pieces()) {
    onPiece(piece);
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    rest = scan(scanner === undefined ? withoutMark(bytes) : bytes, false);
  }
  if (rest.length > 0) scan(rest, true);
}

function scanning<T>(file: TableSource, scan: () => T): T {
  try {
    return scan();
  } catch (error) {
    throw error instanceof CsvBroken ? broken(file, error.breach, error.line) : error;
  }
}

const MARK = Buffer.from('\ufeff');

const withoutMark = (bytes: Buffer): Buffer => (bytes.subarray(0, 3).equals(MARK) ? bytes.subarray(3) : bytes);

/** Strictly: a decoder would put U+FFFD where bytes are wrong. What follows the last line break is looked at later. */
function checkUtf8(file: TableSource, bytes: Buffer, isLast: boolean, line: number): void {
  const end = isLast ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
  if (isUtf8(bytes.subarray(0, end))) return;
  let [at, lines] = [0, line];
  for (;;) {
    const next = bytes.indexOf(0x0a, at) + 1 || end;
    lines += 1;
    if (!isUtf8(bytes.subarray(at, next))) {
      throw new TableRefused({ where: `${file.name} line ${lines}`, rule: 'must be UTF-8' });
    }
    at = next;
  }
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What parts the header most often, outside of quotes. */
function delimiterOf(bytes: Buffer): number {
  const [header = ''] = bytes
    .toString('latin1')
    .replace(/"[^"]*"/g, '')
    .split(/[\r\n]+/);
  const parts = (delimiter: string): number => header.split(delimiter).length;
  const [first, ...others] = DELIMITERS;
  return others.reduce<string>((best, other) => (parts(other) > parts(best) ? other : best), first).charCodeAt(0);
}

function checkedHeader(file: TableSource, header: readonly string[]): readonly string[] {
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
function checkFinite(file: TableSource, line: number, name: string, cell: string): void {
  if (isInfinite(cell)) throw notNumber(file, line, name, cell);
}

const notNumber = (file: TableSource, line: number, name: string, found: string): TableRefused =>
  new TableRefused({
    where: `${file.name} line ${line}, column ${JSON.stringify(name)}`,
    rule: 'must be a finite number, or empty',
    found,
  });

const wording: Readonly<Record<CsvBreach, string>> = {
  'open-quote': 'must close its quote',
  'after-quote': 'must have nothing between a closing quote and the next delimiter',
  'inner-quote': 'must have nothing between a delimiter and an opening quote',
};

const broken = (file: TableSource, breach: CsvBreach, line: number): TableRefused =>
  new TableRefused({ where: `${file.name} line ${line}`, rule: wording[breach] });

const misshapen = (file: TableSource, line: number): TableRefused =>
  new TableRefused({ where: `${file.name} line ${line}`, rule: 'must have as many cells as the header' });
