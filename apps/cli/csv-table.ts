import { parse } from 'csv-parse/sync';
import { Failure } from './failures.ts';

/** A table whose columns may be named. What is no number stays text, what is empty is null. */
export interface Table {
  readonly columns?: readonly string[];
  readonly data: readonly (readonly unknown[])[];
}

/** Reads CSV. A first row with any cell that is no number is the header. @throws Failure naming the line */
export function csvTable(text: string): Table {
  const [first = [], ...rest] = records(text);
  const headed = first.some((cell) => typeof value(cell) !== 'number');
  const data = (headed ? rest : [first, ...rest]).map((row) => row.map(value));
  return { ...(headed && { columns: first }), data };
}

function records(text: string): string[][] {
  try {
    return parse(text, { skip_empty_lines: true, trim: true });
  } catch (cause) {
    throw new Failure(`the CSV can't be read: ${(cause as Error).message}`, { cause });
  }
}

function value(cell: string): string | number | null {
  if (cell === '') return null;
  const number = Number(cell);
  return Number.isNaN(number) ? cell : number;
}
