import { MalformedRequest } from './errors.ts';
import { readStrictly } from './json-reader.ts';

/** Nesting that any document of ours needs, with room. Deeper ones are refused before they cost memory. */
export const MAX_DEPTH = 100;

/**
 * Reads JSON strictly. What JSON.parse forgives is refused too: a key twice in one object, the key `__proto__`, half of
 * a surrogate pair, nesting deeper than `MAX_DEPTH`.
 *
 * JSON.parse keeps one of two equal keys. So the pairs counted in the text and those found in the parsed value agree
 * exactly if no key came twice; only a text that fails a check is read again, slowly, to name the place.
 *
 * @param where what the text is, for errors, such as `body`
 * @throws MalformedRequest naming the place
 */
export function parseJson(text: string, where: string): unknown {
  const { pairs, deepest, escapedKey } = measure(text);
  if (deepest > MAX_DEPTH) {
    throw new MalformedRequest({ where, rule: `must not nest deeper than ${MAX_DEPTH} levels`, found: deepest });
  }
  // JSON.parse of V8 13.6 reads the key "\u00e9" as "\\" where an earlier document, anybody's, had that key there.
  if (escapedKey) return readStrictly(text, where);
  const value = parse(text);
  if (value === undefined) return readStrictly(text, where);
  const census = { pairs: 0, sound: true, texts: !text.isWellFormed() || text.includes('\\u') };
  count(value, census);
  return census.sound && census.pairs === pairs ? value : readStrictly(text, where);
}

/** Undefined where the text is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [34, 44, 58, 92];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

interface Measure {
  /** Keys and their values. */
  pairs: number;
  deepest: number;
  escapedKey: boolean;
}

function measure(text: string): Measure {
  const found: Measure = { pairs: 0, deepest: 0, escapedKey: false };
  let depth = 0;
  let escaped = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Most of a numeric body lies between the comma and the colon: digits, signs and points.
    if (code > COMMA && code < COLON) continue;
    if (code === QUOTE) {
      const closing = closingQuote(text, i);
      escaped = closing < 0;
      i = Math.abs(closing);
    } else if (code === COLON) {
      found.pairs++;
      if (escaped) found.escapedKey = true;
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > found.deepest) found.deepest = depth;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--;
  }
  return found;
}

/** Place of the quote that closes a string, negative where the string holds an escape. */
function closingQuote(text: string, opening: number): number {
  let sign = 1;
  for (let i = opening + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return sign * i;
    if (code === BACKSLASH) {
      sign = -1;
      i++;
    }
  }
  return sign * text.length;
}

/** What the parsed value holds. `texts`: whether strings need a look, because an escape may have broken one. */
interface Census {
  pairs: number;
  sound: boolean;
  readonly texts: boolean;
}

function count(value: unknown, census: Census): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'number') count(value[i], census);
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      census.pairs++;
      if (key === '__proto__' || (census.texts && !key.isWellFormed())) census.sound = false;
      const inner = (value as Record<string, unknown>)[key];
      if (typeof inner !== 'number') count(inner, census);
    }
  } else if (census.texts && typeof value === 'string' && !value.isWellFormed()) census.sound = false;
}
