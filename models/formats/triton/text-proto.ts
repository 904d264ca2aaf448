import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import { readText } from '../text.ts';

/** A message by its fields; each holds what was written, in its order. Numbers, words and texts are all texts. */
export type Message = ReadonlyMap<string, readonly (string | Message)[]>;

const DEEPEST = 50;

/** Spaces and comments between tokens; texts in quotes; names and numbers; and all the rest, a letter each. */
const TOKEN = /(?:\s+|#[^\n]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([\w.+-]+)|([^\s])/gy;

interface Token {
  readonly kind: 'text' | 'word' | 'sign';
  readonly value: string;
  readonly line: number;
}

/**
 * The text form of protocol buffers, as far as configurations use it.
 * https://protobuf.dev/reference/protobuf/textformat-spec/
 * @throws ModelFileRefused naming the line
 */
export function readTextProto(file: ModelFile): Message {
  const tokens = tokensOf(readText(file));
  let at = 0;
  const refuse = (rule: string): never => {
    const token = tokens[at];
    const where = token === undefined ? `${file.name}, at its end,` : `${file.name} line ${token.line}`;
    throw new ModelFileRefused({ where, rule, ...(token && { found: token.value }) });
  };
  const isSign = (...signs: readonly string[]): boolean =>
    tokens[at]?.kind === 'sign' && signs.includes(tokens[at]?.value as string);
  const skip = (...signs: readonly string[]): boolean => {
    if (!isSign(...signs)) return false;
    at += 1;
    return true;
  };

  /** Texts side by side are one. */
  const scalar = (): string => {
    const first = tokens[at] as Token;
    if (first === undefined || first.kind === 'sign') return refuse('must be a value');
    at += 1;
    let value = first.value;
    while (first.kind === 'text' && tokens[at]?.kind === 'text') value += (tokens[at++] as Token).value;
    return value;
  };

  const value = (depth: number): string | Message => {
    for (const [open, close] of BRACKETS) if (skip(open)) return message(depth + 1, close);
    return scalar();
  };

  const list = (depth: number): (string | Message)[] => {
    const values: (string | Message)[] = [];
    while (!skip(']')) {
      if (values.length > 0 && !skip(',')) refuse('must be , or ]');
      values.push(value(depth));
    }
    return values;
  };

  const message = (depth: number, close: string | undefined): Message => {
    if (depth > DEEPEST) refuse(`must nest at most ${DEEPEST} deep`);
    const fields = new Map<string, (string | Message)[]>();
    while (close === undefined ? at < tokens.length : !skip(close)) {
      const name = tokens[at];
      if (name?.kind !== 'word')
        return refuse(close === undefined ? 'must be the name of a field' : `must be a field or ${close}`);
      at += 1;
      if (!skip(':') && !isSign('{', '<', '[')) refuse(`must be : after ${name.value}`);
      const values = skip('[') ? list(depth) : [value(depth)];
      const known = fields.get(name.value) ?? [];
      for (const one of values) known.push(one);
      fields.set(name.value, known);
      skip(',', ';');
    }
    return fields;
  };

  return message(0, undefined);
}

const BRACKETS = [
  ['{', '}'],
  ['<', '>'],
] as const;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [whole, quoted, word, sign] of text.matchAll(TOKEN)) {
    if (quoted !== undefined) tokens.push({ kind: 'text', value: unescaped(quoted.slice(1, -1)), line });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word, line });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign, line });
    line += whole.split('\n').length - 1;
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
