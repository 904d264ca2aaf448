import { decimal } from '../decimal.ts';
import { ModelFileRefused } from '../errors.ts';

/** How a text model begins: a key and its values a line, until one line ends the header. */
export interface HeaderForm<Key extends string> {
  /** Of what, for errors. */
  readonly of: string;
  readonly keys: readonly Key[];
  readonly end: string;
}

/** The values of a key, and the line that states them. */
export interface Entry {
  readonly line: number;
  readonly words: readonly string[];
}

/** The lines of a header, in any order. */
export class TextHeader<Key extends string> {
  readonly file: string;
  /** Number of lines up to and with the one that ends the header. */
  readonly end: number;
  private readonly entries: ReadonlyMap<Key, Entry>;

  constructor(file: string, entries: ReadonlyMap<Key, Entry>, end: number) {
    this.file = file;
    this.entries = entries;
    this.end = end;
  }

  has(key: Key): boolean {
    return this.entries.has(key);
  }

  placeOf(key: Key): string {
    const entry = this.entries.get(key);
    return entry ? `${this.file} line ${entry.line}, ${key}` : this.file;
  }

  refuse(key: Key, rule: string, found: unknown): never {
    throw new ModelFileRefused({ where: this.placeOf(key), rule, found });
  }

  /** What a key states, however much that is; nothing where it is not there. */
  words(key: Key): readonly string[] {
    return this.entries.get(key)?.words ?? [];
  }

  texts(key: Key, length: number): readonly string[] {
    const words = this.entries.get(key)?.words;
    if (words === undefined) throw new ModelFileRefused({ where: this.file, rule: `must state ${key}` });
    if (words.length !== length) this.refuse(key, `must hold ${length} ${length === 1 ? 'value' : 'values'}`, words);
    return words;
  }

  oneOf<T extends string>(key: Key, choices: readonly T[]): T {
    const [word] = this.texts(key, 1);
    const choice = choices.find((candidate) => candidate === word);
    return choice ?? this.refuse(key, `must be one of ${choices.join(', ')}`, word);
  }

  numbers(key: Key, length: number): Float64Array {
    const words = this.texts(key, length);
    return Float64Array.from(words, (word) => {
      const value = decimal(word);
      return Number.isFinite(value) ? value : this.refuse(key, 'must be a finite number', word);
    });
  }

  number(key: Key): number {
    return this.numbers(key, 1)[0] as number;
  }

  counts(key: Key, length: number, minimum = 0): readonly number[] {
    return this.texts(key, length).map((word) => {
      const value = decimal(word);
      const fits = Number.isSafeInteger(value) && value >= minimum;
      return fits ? value : this.refuse(key, `must be an integer of at least ${minimum}`, word);
    });
  }

  count(key: Key, minimum: number): number {
    return this.counts(key, 1, minimum)[0] as number;
  }
}

/** @throws ModelFileRefused where a key is unknown or comes twice, or the header never ends */
export function readHeader<Key extends string>(
  file: string,
  lines: readonly string[],
  { of, keys, end }: HeaderForm<Key>,
): TextHeader<Key> {
  const entries = new Map<Key, Entry>();
  for (const [index, text] of lines.entries()) {
    const [key = '', ...words] = text.trim().split(/\s+/);
    const where = `${file} line ${index + 1}`;
    if (key === end) return new TextHeader(file, entries, index + 1);
    if (key === '') continue;
    const known = keys.find((candidate) => candidate === key);
    if (known === undefined)
      throw new ModelFileRefused({ where, rule: `is no header line of a ${of} model`, found: key });
    if (entries.has(known)) throw new ModelFileRefused({ where, rule: `must not state ${key} twice` });
    entries.set(known, { line: index + 1, words });
  }
  throw new ModelFileRefused({ where: file, rule: `ends before the line ${end}: the file is cut off` });
}
