import { parseJson } from '../../models/json.ts';
import { decodeUtf8 } from '../../models/utf8.ts';
import { Misuse } from './failures.ts';
import { readBytes } from './read-bytes.ts';
import type { Terminal } from './terminal.ts';

export type Body = Readonly<Record<string, unknown>>;

/** The rows that a person brings, as they wrote them down. */
export type Input =
  | { readonly form: 'csv'; readonly text: string }
  /** Arrays, records, or bare numbers. */
  | { readonly form: 'rows'; readonly rows: readonly unknown[] }
  /** A whole body of V1 or MLflow. */
  | { readonly form: 'body'; readonly body: Body }
  /** A whole body of the Open Inference Protocol v2. */
  | { readonly form: 'v2'; readonly body: Body };

/** Reads a file, or stdin for `-`. @throws Misuse, Failure, MalformedRequest naming the place */
export async function readInput(path: string, { stdin }: Terminal): Promise<Input> {
  const name = path === '-' ? 'stdin' : path;
  const bytes = path === '-' ? Buffer.concat(await stdin.toArray()) : await readBytes(path);
  return inputIn(decodeUtf8(bytes, name), name);
}

/** What a text is, told by how it begins. What begins like no JSON array or object is CSV. */
export function inputIn(text: string, name: string): Input {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Misuse(`${name} must hold rows; it is empty`);
  if (!/^\s*[[{]/.test(text)) return { form: 'csv', text };
  if (/\.(jsonl|ndjson)$/.test(name) || (lines.length > 1 && isJson(lines[0] as string))) {
    return { form: 'rows', rows: lines.map((line, i) => parseJson(line, `${name} row ${i + 1}`)) };
  }
  const value = parseJson(text, name);
  return Array.isArray(value) ? { form: 'rows', rows: value } : object(value as Body);
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

const BODY_KEYS = ['instances', 'inputs', 'dataframe_split', 'dataframe_records'];

/** A body by its keys; any other object is one record. */
function object(value: Body): Input {
  if (isTensorList(value.inputs)) return { form: 'v2', body: value };
  return BODY_KEYS.some((key) => Object.hasOwn(value, key))
    ? { form: 'body', body: value }
    : { form: 'rows', rows: [value] };
}

const isTensorList = (inputs: unknown): boolean =>
  Array.isArray(inputs) && inputs[0] !== null && typeof inputs[0] === 'object' && 'datatype' in inputs[0];
