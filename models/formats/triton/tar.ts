import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';

const BLOCK = 512;
const MOST_ENTRIES = 1_000;

/** Whether this is a tar archive: its first header's own sum is right. */
export const isTar = (bytes: Uint8Array): boolean => bytes.length >= BLOCK && bytes[0] !== 0 && isSummed(bytes, 0);

/**
 * The regular files of a tar archive, by their paths: ustar with the longer names of pax and GNU tar. Nothing is written
 * anywhere; yet whatever would leave its folder, or stand for something outside of it, makes the whole archive suspect.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 * @throws ModelFileRefused for links, devices, paths that are absolute or go up, broken and cut off archives
 */
export function readTar({ name, bytes }: ModelFile): ModelFile[] {
  const files: ModelFile[] = [];
  const paths = new Set<string>();
  let longer: string | undefined;
  let count = 0;
  let at = 0;
  const refuse = (rule: string, found?: unknown): never => {
    throw new ModelFileRefused({ where: `${name}, byte ${at}`, rule, ...(found !== undefined && { found }) });
  };

  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    if (!isSummed(bytes, at)) refuse('must begin a header of tar: its sum is wrong');
    count += 1;
    if (count > MOST_ENTRIES) refuse(`must be at most the ${MOST_ENTRIES}th entry`);
    const size = sizeAt(bytes, at) ?? refuse('must state a size');
    const from = at + BLOCK;
    if (size > bytes.length - from) refuse('must go on: the archive is cut off');
    const content = bytes.subarray(from, from + size);
    const type = String.fromCharCode(bytes[at + 156] as number);
    const path = longer ?? pathAt(bytes, at);
    longer = undefined;
    switch (type) {
      case '0':
      case '\0':
      case '7':
        checkPath(path, refuse);
        if (paths.has(path)) refuse('must not hold a file twice', path);
        paths.add(path);
        files.push({ name: path, bytes: content });
        break;
      case '5':
        checkPath(path, refuse);
        break;
      case 'L':
        longer = textOf(content);
        break;
      case 'x':
        longer = paxPath(content, refuse);
        break;
      // Of the whole archive: comments, such as git's.
      case 'g':
        break;
      case '1':
      case '2':
        refuse('must not hold links', path);
        break;
      default:
        refuse('must hold files and folders only', path);
    }
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
  if (at + BLOCK > bytes.length) refuse('must end with an empty block: the archive is cut off');
  return files;
}

type Refuse = (rule: string, found?: unknown) => never;

function checkPath(path: string, refuse: Refuse): void {
  const isSafe =
    path !== '' && !path.startsWith('/') && !/[\\\0]|^[A-Za-z]:/.test(path) && !path.split('/').includes('..');
  if (!isSafe) refuse('must hold paths inside the archive only', path);
}

const utf8 = new TextDecoder();

/** Up to the first zero. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return utf8.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

const field = (bytes: Uint8Array, at: number, from: number, length: number): string =>
  textOf(bytes.subarray(at + from, at + from + length));

function pathAt(bytes: Uint8Array, at: number): string {
  const isPosix = field(bytes, at, 257, 6) === 'ustar';
  const prefix = isPosix ? field(bytes, at, 345, 155) : '';
  const name = field(bytes, at, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits; GNU tar's binary form is for sizes that no archive here has. */
function octalAt(bytes: Uint8Array, from: number, length: number): number | undefined {
  const digits = textOf(bytes.subarray(from, from + length)).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

const sizeAt = (bytes: Uint8Array, at: number): number | undefined => octalAt(bytes, at + 124, 12);

const SUM_FROM = 148;
const SUM_TO = 156;

/** The sum of a header's bytes, its own eight taken for spaces. */
function isSummed(bytes: Uint8Array, at: number): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= SUM_FROM && i < SUM_TO ? 0x20 : (bytes[at + i] as number);
  return sum === octalAt(bytes, at + SUM_FROM, SUM_TO - SUM_FROM);
}

/** `27 path=a/long/name\n`: a record says its own length first. */
function paxPath(content: Uint8Array, refuse: Refuse): string | undefined {
  let path: string | undefined;
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    const length = Number(space === -1 ? '' : utf8.decode(content.subarray(at, space)));
    if (!Number.isInteger(length) || length <= space - at || at + length > content.length) {
      refuse('must hold records of pax');
    }
    const record = utf8.decode(content.subarray(space + 1, at + length - 1));
    const [key, value] = [record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1)];
    if (key === 'path') path = value;
    if (key === 'linkpath') refuse('must not hold links', value);
    if (key === 'size' || key.startsWith('GNU.sparse'))
      refuse('must hold whole files that state their size in the header', key);
    at += length;
  }
  return path;
}
