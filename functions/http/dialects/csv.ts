import { parse } from 'csv-parse/sync';
import { MalformedRequest, UnfitInput } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { decodeUtf8 } from '../../../models/utf8.ts';
import type { Call } from '../call.ts';
import type { Exchange } from './exchange.ts';
import { fromTable } from './instances.ts';
import { encodePredictions } from './predictions.ts';

/** Rows as CSV. A first row without any number is the header; SageMaker's callers send none. */
export function exchangeCsv(call: Call, manifest: Manifest): Exchange {
  const [first, ...rest] = records(decodeUtf8(call.body(), 'body'));
  if (first === undefined) throw new MalformedRequest({ where: 'body', rule: 'must hold at least one row' });
  const headed = isHeader(first, manifest);
  if (!headed && first.length !== manifest.features.length) {
    const rule = `must have the model's ${manifest.features.length} features`;
    throw new UnfitInput({ where: 'csv[0]', rule, found: first });
  }
  const rows = headed ? rest : [first, ...rest];
  const names = headed ? first : manifest.features;
  const inputs = fromTable(
    names,
    rows.map((row, i) => cellsOf(row, i, names, manifest)),
    manifest,
    'csv',
  );
  return { inputs, encode: (outcome) => encodePredictions(outcome, manifest, false) };
}

/** The parser may quote a whole cell. */
const LONGEST_REASON = 200;

function records(text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (cause) {
    const why = (cause as Error).message.slice(0, LONGEST_REASON);
    throw new MalformedRequest({ where: 'csv', rule: `must be CSV: ${why}` }, { cause });
  }
}

/** As JSON has it, and with a leading sign or point. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Names of features where some are texts; otherwise a row without any number. */
const isHeader = (row: readonly string[], { features, types }: Manifest): boolean =>
  types ? row.every((cell) => features.includes(cell)) : !row.some((cell) => NUMBER.test(cell));

/** As tables write a number that is not there. */
const ABSENT = new Set(['', 'NaN', 'nan', 'NA', 'null']);

function cellsOf(
  row: string[],
  i: number,
  names: readonly string[],
  { types = {}, missing = [] }: Manifest,
): unknown[] {
  return row.map((cell, column) => {
    const name = names[column] ?? '';
    if (Object.hasOwn(types, name)) return cell === '' ? null : cell;
    if (NUMBER.test(cell)) return Number(cell);
    if (ABSENT.has(cell) && missing.includes(name)) return null;
    throw new UnfitInput({ where: `csv[${i}][${column}]`, rule: 'must be a number', found: cell });
  });
}
