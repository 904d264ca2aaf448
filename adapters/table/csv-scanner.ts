/** The cells of one record, as places in the bytes. It is the same object for every record. */
export interface CsvRecord {
  bytes: Buffer;
  count: number;
  starts: Int32Array;
  ends: Int32Array;
  /** 1 where a cell holds doubled quotes. */
  doubled: Uint8Array;
  /** Line of the file on which it ends, from 1. */
  line: number;
}

export interface CsvScanner {
  /** Calls back for every record that is whole. @returns how many bytes they took; the rest comes again, with more. */
  scan(bytes: Buffer, isLast: boolean): number;
  readonly line: number;
}

export type CsvBreach = 'open-quote' | 'after-quote' | 'inner-quote';

/** A record breaks RFC 4180. */
export class CsvBroken extends Error {
  override readonly name = 'CsvBroken';
  readonly breach: CsvBreach;
  readonly line: number;
  constructor(breach: CsvBreach, line: number) {
    super(breach);
    this.breach = breach;
    this.line = line;
  }
}

const [QUOTE, LINE_FEED, CARRIAGE_RETURN] = [0x22, 0x0a, 0x0d];
/** Not whole yet. */
const MORE = -1;

/** Records by RFC 4180, by their bytes: no text is made of a cell that nobody asks for. Empty lines are passed over. */
export function csvScanner(delimiter: number, each: (record: CsvRecord) => void): CsvScanner {
  const record: CsvRecord = {
    bytes: Buffer.alloc(0),
    count: 0,
    starts: new Int32Array(64),
    ends: new Int32Array(64),
    doubled: new Uint8Array(64),
    line: 0,
  };
  let line = 0;
  /** Line breaks within the quotes of the record. */
  let inner = 0;

  const put = (start: number, end: number, doubled: number): void => {
    if (record.count === record.starts.length) grow(record);
    record.starts[record.count] = start;
    record.ends[record.count] = end;
    record.doubled[record.count] = doubled;
    record.count += 1;
  };

  /** Puts the cell that begins here. @returns where it ends, at a delimiter, a line break or the end of all */
  const plainCell = (bytes: Buffer, start: number): number => {
    const { length } = bytes;
    let at = start;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte === delimiter || byte === LINE_FEED || byte === CARRIAGE_RETURN) break;
      if (byte === QUOTE) throw new CsvBroken('inner-quote', line + 1 + inner);
    }
    put(start, at, 0);
    return at;
  };

  const quotedCell = (bytes: Buffer, start: number, isLast: boolean): number => {
    let [at, doubled] = [start + 1, 0];
    for (;;) {
      const close = bytes.indexOf(QUOTE, at);
      if (close === -1 && isLast) throw new CsvBroken('open-quote', line + 1);
      if (close === -1 || (close + 1 === bytes.length && !isLast)) return MORE;
      inner += lineFeeds(bytes, at, close);
      if (bytes[close + 1] !== QUOTE) {
        put(start + 1, close, doubled);
        return close + 1;
      }
      doubled = 1;
      at = close + 2;
    }
  };

  /** @returns where the next record begins, or MORE */
  const scanRecord = (bytes: Buffer, from: number, isLast: boolean): number => {
    const { length } = bytes;
    record.count = 0;
    inner = 0;
    for (let at = from; ; at++) {
      const isQuoted = at < length && bytes[at] === QUOTE;
      at = isQuoted ? quotedCell(bytes, at, isLast) : plainCell(bytes, at);
      if (at === MORE) return MORE;
      if (at === length) return isLast ? length : MORE;
      const byte = bytes[at];
      if (byte === LINE_FEED) return at + 1;
      if (byte === CARRIAGE_RETURN) {
        // Whether a line feed follows decides where the next record begins.
        if (at + 1 === length && !isLast) return MORE;
        return bytes[at + 1] === LINE_FEED ? at + 2 : at + 1;
      }
      if (byte !== delimiter) throw new CsvBroken('after-quote', line + 1 + inner);
    }
  };

  return {
    scan(bytes, isLast) {
      record.bytes = bytes;
      let at = 0;
      while (at < bytes.length) {
        const next = scanRecord(bytes, at, isLast);
        if (next === MORE) return at;
        line += 1 + inner;
        record.line = line;
        const isEmpty = record.count === 1 && record.starts[0] === record.ends[0] && record.starts[0] === at;
        at = next;
        if (!isEmpty) each(record);
      }
      return at;
    },
    get line() {
      return line;
    },
  };
}

function grow(record: CsvRecord): void {
  const size = record.starts.length * 2;
  const [starts, ends, doubled] = [new Int32Array(size), new Int32Array(size), new Uint8Array(size)];
  starts.set(record.starts);
  ends.set(record.ends);
  doubled.set(record.doubled);
  Object.assign(record, { starts, ends, doubled });
}

function lineFeeds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at !== -1 && at < to; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** The text of a cell. */
export function cellText({ bytes, starts, ends, doubled }: CsvRecord, k: number): string {
  const text = bytes.toString('utf8', starts[k], ends[k]);
  return doubled[k] === 1 ? text.replaceAll('""', '"') : text;
}
