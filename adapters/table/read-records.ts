import type { ModelFile } from '../../models/formats/format.ts';
import type { Column, Frame } from '../../models/frame.ts';
import { parseJson } from '../../models/json.ts';
import type { StatedTypes } from './read-csv-table.ts';
import { TableRefused } from './table-refused.ts';

export type RecordOf = Readonly<Record<string, unknown>>;

/** A record and its place in the file, for errors. */
export interface Placed {
  readonly record: RecordOf;
  readonly where: string;
}

/** JSON Lines: one object a line. What a line leaves out is missing. @throws TableRefused naming line and column */
export function readJsonLines({ name, bytes }: ModelFile, stated: StatedTypes = {}): Frame {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n/);
  const records = lines.flatMap((line, i): Placed[] => {
    if (line.trim() === '') return [];
    const where = `${name} line ${i + 1}`;
    const record = parsed(line, where);
    if (record === null || typeof record !== 'object' || Array.isArray(record)) {
      throw new TableRefused({ where, rule: 'must be an object', found: record });
    }
    return [{ record: record as RecordOf, where }];
  });
  return frameOfRecords(name, records, stated);
}

function parsed(line: string, where: string): unknown {
  try {
    return parseJson(line, where);
  } catch (cause) {
    throw new TableRefused({ where, rule: `must be JSON: ${(cause as Error).message}` }, { cause: cause as Error });
  }
}

/**
 * Records as columns. A column is of numbers if every value is a number or missing; true and false are texts.
 * @throws TableRefused where a value is neither number, text, boolean nor null, or there is no record
 */
export function frameOfRecords(file: string, records: readonly Placed[], stated: StatedTypes): Frame {
  if (records.length === 0) throw new TableRefused({ where: file, rule: 'must hold rows' });
  const names = new Set(records.flatMap(({ record }) => Object.keys(record)));
  return { count: records.length, columns: [...names].map((name) => columnOf(name, records, stated[name])) };
}

function columnOf(name: string, records: readonly Placed[], stated: StatedTypes[string] | undefined): Column {
  const values = records.map(({ record, where }) =>
    scalar(Object.hasOwn(record, name) ? record[name] : null, name, where),
  );
  const isNumber = stated !== 'text' && values.every((value) => value === null || typeof value === 'number');
  if (isNumber)
    return { name, type: 'number', values: Float64Array.from(values, (value) => (value as number) ?? Number.NaN) };
  if (stated === 'number') {
    const row = values.findIndex((value) => typeof value === 'string');
    const where = `${records[row]?.where}, column ${JSON.stringify(name)}`;
    throw new TableRefused({ where, rule: 'must be a number, or null', found: values[row] });
  }
  return { name, type: 'text', values: values.map((value) => (value === null || value === '' ? null : String(value))) };
}

function scalar(value: unknown, name: string, where: string): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (isNumber || typeof value === 'string') return value as number | string;
  if (typeof value === 'number' && Number.isNaN(value)) return null;
  const rule = 'must be a finite number, a text, true, false or null';
  throw new TableRefused({ where: `${where}, column ${JSON.stringify(name)}`, rule, found: value });
}
