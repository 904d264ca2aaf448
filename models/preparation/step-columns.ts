import { ModelFileRefused } from '../errors.ts';
import type { ColumnType } from '../frame.ts';
import type { Header } from './column-plan.ts';

/**
 * The positions of a step's columns: those that it names, or all that are there.
 * @throws ModelFileRefused where one is not there, comes twice or is of another type
 */
export function positionsOf(
  headers: readonly Header[],
  named: readonly string[] | undefined,
  type: ColumnType | undefined,
  where: string,
): readonly number[] {
  const positions = named?.map((name, i) => positionOf(headers, name, `${where}.columns[${i}]`)) ?? [...headers.keys()];
  if (new Set(positions).size < positions.length) {
    throw new ModelFileRefused({ where: `${where}.columns`, rule: 'must not repeat a column', found: named });
  }
  const stray = positions.find((position) => type !== undefined && headers[position]?.type !== type);
  if (stray !== undefined) {
    throw new ModelFileRefused({ where, rule: `takes columns of type ${type} only`, found: headers[stray]?.name });
  }
  return positions;
}

function positionOf(headers: readonly Header[], name: string, where: string): number {
  const position = headers.findIndex((header) => header.name === name);
  if (position !== -1) return position;
  throw new ModelFileRefused({ where, rule: 'must be a column that is there at this step', found: name });
}

/** @throws ModelFileRefused where a step does not state one entry a column */
export function requireOneEach(where: string, name: string, found: readonly unknown[], columns: number): void {
  if (found.length === columns) return;
  throw new ModelFileRefused({ where: `${where}.${name}`, rule: `must hold ${columns}, one a column`, found });
}
