import { readFile } from 'node:fs/promises';
import { parseTable } from '../../adapters/table/read-table.ts';
import { seededRandom } from '../../models/learning/random.ts';
import type { Rows } from '../../models/rows.ts';

export interface Sample {
  readonly rows: Rows;
  readonly targets: Float64Array;
}

/** The target of a row, which may ask for noise: normal numbers. */
type TargetOf = (row: readonly number[], normal: () => number) => number;

/** Normal columns, and a target that some of them decide. */
export function sample(seed: number, count: number, width: number, targetOf: TargetOf): Sample {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const values = Float64Array.from({ length: count * width }, normal);
  const rowOf = (i: number): number[] => Array.from(values.subarray(i * width, (i + 1) * width));
  const targets = Float64Array.from({ length: count }, (_, i) => targetOf(rowOf(i), normal));
  return { rows: { count, width, values }, targets };
}

/** 1,797 pictures of 8 x 8 pixels, as they are. */
export async function digits(): Promise<Sample> {
  const url = new URL('../../test/reference/data/digits.csv', import.meta.url);
  const { frame } = await parseTable({ name: 'digits', bytes: await readFile(url) });
  const columns = frame.columns.map(({ values }) => values as Float64Array);
  const width = columns.length - 1;
  const values = Float64Array.from(
    { length: frame.count * width },
    (_, i) => columns[i % width]?.[Math.floor(i / width)] as number,
  );
  return { rows: { count: frame.count, width, values }, targets: columns.at(-1) as Float64Array };
}

export const classesOf = ({ targets }: Sample): number => new Set(targets).size;
