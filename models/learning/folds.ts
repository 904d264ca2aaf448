import type { Column } from '../frame.ts';
import { type Random, shuffled } from './random.ts';
import { range } from './split.ts';
import { TrainingRefused } from './training-refused.ts';

/** Two sides of a table: indices of rows, ascending. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** What a split keeps to: each class on both sides, or whole groups on one. */
export interface Strata {
  /** Position of each row's class. */
  readonly classes?: Int32Array;
  /** Rows with the same value stay together. */
  readonly groups?: Column;
}

/**
 * Parts of nearly equal size, to be left out in turn. Classes are dealt out one after the other, groups whole.
 * @throws TrainingRefused where there are fewer rows or groups than parts
 */
export function folds(rows: number, parts: number, { classes, groups }: Strata, random: Random): readonly Split[] {
  const part = groups ? dealGroups(groups, parts, random) : dealRows(rows, parts, classes, random);
  return Array.from({ length: parts }, (_, fold) => {
    const all = range(0, rows);
    return { train: all.filter((row) => part[row] !== fold), test: all.filter((row) => part[row] === fold) };
  });
}

/** Each class is dealt on from where the one before ended, so that parts differ by one row at most. */
function dealRows(rows: number, parts: number, classes: Int32Array | undefined, random: Random): Int32Array {
  if (rows < parts) throw new TrainingRefused({ where: 'cv', rule: `must be at most the ${rows} rows`, found: parts });
  const order = shuffled(range(0, rows), random);
  const dealt = classes ? order.sort((a, b) => (classes[a] as number) - (classes[b] as number)) : order;
  const part = new Int32Array(rows);
  for (const [turn, row] of dealt.entries()) part[row] = turn % parts;
  return part;
}

/** The largest group first, always to the part with the fewest rows. */
function dealGroups({ name, values }: Column, parts: number, random: Random): Int32Array {
  const sizes = new Map<unknown, number>();
  for (const value of values as Iterable<unknown>) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  if (sizes.size < parts) {
    throw new TrainingRefused({
      where: `group ${name}`,
      rule: `must have at least ${parts} values`,
      found: sizes.size,
    });
  }
  const names = [...sizes.keys()];
  const order = [...shuffled(range(0, names.length), random)].map((k) => names[k]);
  order.sort((a, b) => (sizes.get(b) as number) - (sizes.get(a) as number));
  const load = new Float64Array(parts);
  const partOf = new Map<unknown, number>();
  for (const group of order) {
    const lightest = load.indexOf(Math.min(...load));
    load[lightest] = (load[lightest] as number) + (sizes.get(group) as number);
    partOf.set(group, lightest);
  }
  return Int32Array.from(values as ArrayLike<unknown>, (value) => partOf.get(value) as number);
}

/**
 * A share of the rows held back at random: of each class alike, or whole groups.
 * @throws TrainingRefused where a side would be empty
 */
export function holdOut(rows: number, share: number, strata: Strata, random: Random): Split {
  const { classes, groups } = strata;
  if (groups) return holdOutGroups(rows, share, groups, random);
  const order = shuffled(range(0, rows), random);
  const dealt = classes ? order.sort((a, b) => (classes[a] as number) - (classes[b] as number)) : order;
  // Every 1/share-th row of the order, so that each class gives its share.
  const isTest = new Uint8Array(rows);
  for (const [turn, row] of dealt.entries()) {
    if (Math.floor((turn + 1) * share + 1e-9) > Math.floor(turn * share + 1e-9)) isTest[row] = 1;
  }
  return sides(rows, isTest);
}

function holdOutGroups(rows: number, share: number, groups: Column, random: Random): Split {
  const parts = Math.max(2, Math.round(1 / share));
  const [first] = folds(rows, parts, { groups }, random);
  return first as Split;
}

/** The last rows by a column; equal values stay together. @throws TrainingRefused where a side would be empty */
export function holdOutLast(column: Column, share: number): Split {
  const values = column.values as readonly (number | string | null)[];
  const missing = values.findIndex((value) => value === null || Number.isNaN(value));
  if (missing !== -1) {
    throw new TrainingRefused({
      where: `row ${missing}, time ${JSON.stringify(column.name)}`,
      rule: 'must not be missing',
    });
  }
  const isBefore = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = (values as (number | string)[]).toSorted(isBefore);
  const first = sorted[Math.floor(values.length * (1 - share))] as number | string;
  return sides(
    values.length,
    Uint8Array.from(values, (value) => (isBefore(value as number | string, first) >= 0 ? 1 : 0)),
  );
}

function sides(rows: number, isTest: Uint8Array): Split {
  const all = range(0, rows);
  const split = { train: all.filter((row) => !isTest[row]), test: all.filter((row) => isTest[row] === 1) };
  if (split.train.length > 0 && split.test.length > 0) return split;
  throw new TrainingRefused({
    where: 'rows',
    rule: 'must be enough to learn from some and test with others',
    found: rows,
  });
}
