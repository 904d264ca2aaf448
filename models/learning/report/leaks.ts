import type { Column, Frame } from '../../frame.ts';
import type { Truth } from '../problem.ts';
import type { Leak } from './report.ts';
import { telling } from './telling.ts';

export interface Sides {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface LeakCheck {
  readonly features: Frame;
  readonly truth: Truth;
  readonly sides: Sides;
  readonly groups?: Column | undefined;
  /** Whether rows were parted at random. */
  readonly atRandom: boolean;
}

const FEWEST_ROWS = 20;

/** Signs that the test rows were no secret to the model. None of them is proof. */
export function leaksIn({ features, truth, sides, groups, atRandom }: LeakCheck): Leak[] {
  return [
    ...identicalRows(features, sides),
    ...features.columns.flatMap((column) => [
      ...tellingColumn(column, truth, sides.train),
      ...idLike(column),
      ...(atRandom ? dates(column) : []),
    ]),
    ...(groups ? bothSides(groups, sides) : []),
  ];
}

function identicalRows({ columns }: Frame, { train, test }: Sides): Leak[] {
  const keyOf = (row: number): string => JSON.stringify(columns.map(({ values }) => shown(values[row])));
  const known = new Set(Array.from(train, keyOf));
  const count = test.reduce((sum, row) => sum + Number(known.has(keyOf(row))), 0);
  if (count === 0) return [];
  return [
    { rule: 'identical-rows', words: `${count} of ${test.length} test rows have the same features as a training row` },
  ];
}

const shown = (value: number | string | null | undefined): number | string | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function tellingColumn(column: Column, truth: Truth, rows: Int32Array): Leak[] {
  const strength = telling(column, truth, rows);
  if (strength === undefined) return [];
  const what = truth.task === 'regression' ? 'the target' : 'the class';
  return [
    {
      rule: 'telling-column',
      column: column.name,
      words: `${column.name} alone tells ${what} (${strength}): was it known before the target was?`,
    },
  ];
}

/** Words, not marks, are read one by one: they differ in every row, and mean something. */
const SENTENCE = /\S\s+\S+\s+\S/;
const NAMED_ID = /(^|[^a-z])(id|ids|uuid|guid|key|no|nr)$|[a-z]Id$/;
/** A running number has no more gaps than numbers. */
const DENSE = 2;
const NEARLY_ALL = 0.99;

/** A text or a whole number that is another one in nearly every row, and counts them or is called an id. */
function idLike({ name, type, values }: Column): Leak[] {
  const isOne = type === 'text' ? areTextIds(values) : areNumberIds(name, values);
  if (!isOne) return [];
  return [
    {
      rule: 'id-like',
      column: name,
      words: `${name} is different in nearly every row, as an id is; leave it out unless it means something`,
    },
  ];
}

function areTextIds(values: readonly (string | null)[]): boolean {
  const present = values.filter((value) => value !== null);
  return areNearlyAllDifferent(present) && !SENTENCE.test(present[0] as string);
}

function areNumberIds(name: string, values: Float64Array): boolean {
  if (!values.every((value) => Number.isNaN(value) || Number.isInteger(value))) return false;
  const present = values.filter((value) => !Number.isNaN(value));
  const isNamedSo = NAMED_ID.test(name) || NAMED_ID.test(name.toLowerCase());
  return areNearlyAllDifferent(present) && (isNamedSo || isRunning(present));
}

function areNearlyAllDifferent(values: ArrayLike<number | string>): boolean {
  if (values.length < FEWEST_ROWS) return false;
  const known = new Set<number | string>();
  const spare = values.length - NEARLY_ALL * values.length;
  // Most columns repeat themselves soon.
  for (let i = 0; i < values.length && i - known.size <= spare; i++) known.add(values[i] as number | string);
  return known.size >= NEARLY_ALL * values.length;
}

/** Consecutive whole numbers, in any order. */
function isRunning(values: Float64Array): boolean {
  const ends = values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return ends[1] - ends[0] + 1 <= DENSE * values.length;
}

const DATE = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([T ]\d{1,2}:\d{2}|$)/;

function dates({ name, type, values }: Column): Leak[] {
  if (type !== 'text') return [];
  const present = values.filter((value) => value !== null);
  if (present.length === 0 || !present.every((value) => DATE.test(value))) return [];
  return [
    {
      rule: 'date-at-random',
      column: name,
      words: `${name} holds dates, and rows were parted at random: the model may know the future of its test rows; see --time ${name}`,
    },
  ];
}

function bothSides({ name, values }: Column, { train, test }: Sides): Leak[] {
  const known = new Set(Array.from(train, (row) => values[row]));
  const shared = new Set(Array.from(test, (row) => values[row]).filter((value) => known.has(value)));
  if (shared.size === 0) return [];
  return [
    {
      rule: 'group-on-both-sides',
      column: name,
      words: `${shared.size} groups of ${name} are on both sides of the split: what the model knows of them is not what it will know of others`,
    },
  ];
}
