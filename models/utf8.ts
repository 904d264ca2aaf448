import { MalformedRequest } from './errors.ts';

const strict = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of these bytes; a byte order mark is dropped.
 * @throws MalformedRequest where a byte is not UTF-8, naming the first such byte
 */
export function decodeUtf8(bytes: Uint8Array, where: string): string {
  try {
    return strict.decode(bytes);
  } catch (cause) {
    const at = validLength(bytes);
    if (at === bytes.length)
      throw new MalformedRequest({ where, rule: 'must be UTF-8: its last character breaks off' });
    const found = `0x${(bytes[at] as number).toString(16)}`;
    throw new MalformedRequest({ where, rule: `must be UTF-8 at byte ${at}`, found }, { cause });
  }
}

/** Length of the longest prefix that could still become UTF-8, by bisection: this is the way of an error only. */
function validLength(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isPrefix(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return isPrefix(bytes.subarray(0, bad)) ? bytes.length : good;
}

function isPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
