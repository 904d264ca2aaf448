import type { Column } from '../../../models/frame.ts';
import type { Recipe } from '../../../models/learning/recipe.ts';
import type { Table } from '../../../models/learning/table.ts';
import { type Trained, train } from '../../../models/learning/train.ts';
import { seeded } from '../../seeded.ts';

type Cells = readonly number[] | readonly (string | null)[];

export const columnOf = (name: string, values: Cells): Column =>
  values.every((value) => typeof value === 'number')
    ? { name, type: 'number', values: Float64Array.from(values) }
    : { name, type: 'text', values: values as (string | null)[] };

/** A table of named columns: numbers with NaN, or texts with null, where a value is missing. */
export function tableOf(columns: Readonly<Record<string, Cells>>): Table {
  const all = Object.entries(columns).map(([name, values]) => columnOf(name, values));
  return {
    name: 'made.csv',
    format: 'csv',
    sha256: 'a'.repeat(64),
    frame: { count: all[0]?.values.length ?? 0, columns: all },
  };
}

export const trainOn = (table: Table, recipe: Recipe, chosen: Parameters<typeof train>[2] = {}): Trained =>
  train(table, recipe, chosen, { now: () => 0, onProgress: () => {} });

/** Normal draws from a seed (Box and Muller). */
export function normal(seed: number): () => number {
  const next = seeded(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** So many values, each from its position. */
export const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
