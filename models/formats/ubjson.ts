import { ModelFileRefused } from '../errors.ts';
import type { ModelFile } from './format.ts';

const DEEPEST = 100;

/**
 * Universal Binary JSON, draft 12 (https://ubjson.org), as XGBoost writes it. Arrays of one type become plain arrays.
 * @throws ModelFileRefused where the bytes end early, nest too deep or are of no known type
 */
export function readUbjson({ name, bytes }: ModelFile): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let at = 0;

  const refuse = (rule: string): never => {
    throw new ModelFileRefused({ where: `${name}, byte ${at}`, rule });
  };
  const take = (size: number): number => {
    if (size > bytes.length - at) refuse('must go on: the file ends within a value');
    at += size;
    return at - size;
  };
  const marker = (): string => String.fromCharCode(bytes[take(1)] as number);
  const peek = (): string => String.fromCharCode(bytes[at] ?? 0);

  const integer = (): number => {
    const type = marker();
    const value = SIZES[type] === undefined || 'dD'.includes(type) ? refuse('must be a length') : number(type);
    return value >= 0 ? value : refuse('must be a length');
  };
  const number = (type: string): number => {
    const from = take(SIZES[type] as number);
    switch (type) {
      case 'i':
        return view.getInt8(from);
      case 'U':
        return view.getUint8(from);
      case 'I':
        return view.getInt16(from);
      case 'l':
        return view.getInt32(from);
      case 'L':
        return Number(view.getBigInt64(from));
      case 'd':
        return view.getFloat32(from);
      default:
        return view.getFloat64(from);
    }
  };
  const text = (length: number): string => {
    const from = take(length);
    try {
      return utf8.decode(bytes.subarray(from, at));
    } catch {
      return refuse('must be UTF-8');
    }
  };

  const typeAhead = (): string => {
    take(1);
    return marker();
  };

  /** `[$type#count` and `{#count`: what a container says of itself first. */
  const heading = (): { type?: string; count?: number } => {
    const type = peek() === '$' ? typeAhead() : undefined;
    if (peek() !== '#') return type === undefined ? {} : refuse('must state a count after a type');
    take(1);
    const count = integer();
    // Every value but null, true and false takes a byte at least.
    if (count > bytes.length - at && !'ZTFN'.includes(type ?? '-')) refuse('must hold as many values as it says');
    if (count > MOST_EMPTY && 'ZTFN'.includes(type ?? '-')) refuse('must hold fewer values without content');
    return type === undefined ? { count } : { type, count };
  };

  const array = (depth: number): unknown[] => {
    const { type, count } = heading();
    const items: unknown[] = [];
    for (let i = 0; count === undefined ? peek() !== ']' : i < count; i++) items.push(value(type ?? marker(), depth));
    if (count === undefined) take(1);
    return items;
  };

  const object = (depth: number): Record<string, unknown> => {
    const { type, count } = heading();
    const members: [string, unknown][] = [];
    for (let i = 0; count === undefined ? peek() !== '}' : i < count; i++) {
      members.push([text(integer()), value(type ?? marker(), depth)]);
    }
    if (count === undefined) take(1);
    return Object.fromEntries(members);
  };

  const value = (type: string, depth: number): unknown => {
    if (depth > DEEPEST) refuse(`must nest at most ${DEEPEST} deep`);
    if (SIZES[type] !== undefined) return finite(number(type));
    switch (type) {
      case '[':
        return array(depth + 1);
      case '{':
        return object(depth + 1);
      case 'S':
        return text(integer());
      case 'C':
        return text(1);
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return null;
      case 'N':
        return value(marker(), depth + 1);
      default:
        return refuse('must be of a known type');
    }
  };

  const document = value(marker(), 0);
  if (at < bytes.length) refuse('must end with its first value');
  return document;
}

/** There is no NaN in UBJSON: null stands for it, as in JSON. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const MOST_EMPTY = 1_000_000;

/** Bytes of each type of number. */
const SIZES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };
