import type { Column, Frame } from '../../frame.ts';
import type { Truth } from '../problem.ts';
import { correlation } from './correlation.ts';
import type { Leak } from './report.ts';
import { forSteps, ranking } from './weighted-metrics.ts';

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

const [TELLING_AUC, TELLING_R] = [0.99, 0.999];
const FEWEST_ROWS = 20;

/** Signs that the test rows were no secret to the model. None of them is proof. */
export function leaksIn({ features, truth, sides, groups, atRandom }: LeakCheck): Leak[] {
  return [
    ...identicalRows(features, sides),
    ...features.columns.flatMap((column) => [
      ...telling(column, truth, sides.train),
      ...idLike(column),
      ...(atRandom ? dates(column) : []),
    ]),
    ...(groups ? bothSides(groups, sides) : []),
  ];
}

function identicalRows({ columns }: Frame, { train, test }: Sides): Leak[] {
  const keyOf = (row: number): string => JSON.stringify(columns.map(({ values }) => shown(values[row])));
  // Hashes sort out nearly all rows, and take a fraction of the time and memory of keys.
  const hashes = rowHashes(columns);
  const tested = new Set(hashesOf(hashes, test));
  const alike = train.filter((row) => tested.has(hashes[row] as number));
  const known = new Set(Array.from(alike, keyOf));
  const learned = new Set(hashesOf(hashes, alike));
  const count = test.reduce((sum, row) => sum + Number(learned.has(hashes[row] as number) && known.has(keyOf(row))), 0);
  if (count === 0) return [];
  return [
    { rule: 'identical-rows', words: `${count} of ${test.length} test rows have the same features as a training row` },
  ];
}

const hashesOf = (hashes: Float64Array, rows: Int32Array): Iterable<number> =>
  Array.from(rows, (row) => hashes[row] as number);

/** One number a row: rows with the same features have the same. */
function rowHashes(columns: readonly Column[]): Float64Array {
  const count = columns[0]?.values.length ?? 0;
  const [low, high] = [new Uint32Array(count).fill(0x811c9dc5), new Uint32Array(count).fill(0x9747b28c)];
  for (const { type, values } of columns) {
    const words = type === 'number' ? wordsOfNumbers(values) : wordsOfTexts(values);
    for (let row = 0; row < count; row++) {
      const [one, other] = [words[2 * row] as number, words[2 * row + 1] as number];
      low[row] = Math.imul((low[row] as number) ^ one, 0x01000193) ^ (other >>> 15);
      high[row] = Math.imul((high[row] as number) ^ other ^ (one << 7), 0x5bd1e995);
      high[row] = (high[row] as number) ^ ((high[row] as number) >>> 13);
    }
  }
  return Float64Array.from(low, (word, row) => ((high[row] as number) & 0x1fffff) * 2 ** 32 + word);
}

/** Two words a number. Zero has two signs and a missing value many bits: here they have one each. */
function wordsOfNumbers(values: Float64Array): Uint32Array {
  const same = new Float64Array(values.length);
  for (let row = 0; row < same.length; row++) {
    const value = values[row] as number;
    same[row] = Number.isNaN(value) ? Number.NaN : value + 0;
  }
  return new Uint32Array(same.buffer);
}

function wordsOfTexts(values: readonly (string | null)[]): Uint32Array {
  const codes = new Map<string | null, number>();
  const words = new Uint32Array(2 * values.length);
  for (const [row, value] of values.entries()) {
    const code = codes.get(value) ?? codes.size;
    if (code === codes.size) codes.set(value, code);
    words[2 * row] = Math.imul(code + 1, 0x9e3779b1);
  }
  return words;
}

const shown = (value: number | string | null | undefined): number | string | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** One column alone that tells the target. */
function telling(column: Column, truth: Truth, rows: Int32Array): Leak[] {
  if (column.type === 'text' || rows.length < FEWEST_ROWS) return [];
  const values = Float64Array.from(rows, (row) => column.values[row] as number);
  const alone = truth.task === 'regression' ? ofNumbers(values, truth.values, rows) : ofClasses(values, truth, rows);
  if (alone === undefined) return [];
  return [
    {
      rule: 'telling-column',
      column: column.name,
      words: `${column.name} alone tells ${truth.task === 'regression' ? 'the target' : 'the class'}: ${alone}; was it known before the target was?`,
    },
  ];
}

function ofNumbers(values: Float64Array, targets: Float64Array, rows: Int32Array): string | undefined {
  const r = correlation(
    values,
    Float64Array.from(rows, (row) => targets[row] as number),
  );
  return Math.abs(r) > TELLING_R ? `|r| = ${Math.abs(r).toFixed(4)}` : undefined;
}

function ofClasses(
  values: Float64Array,
  { positions, labels }: Extract<Truth, { task: 'classification' }>,
  rows: Int32Array,
): string | undefined {
  if (labels.values.length !== 2 || values.some(Number.isNaN)) return undefined;
  const auc = areaAlone(
    values,
    Int32Array.from(rows, (row) => positions[row] as number),
  );
  const either = Math.max(auc, 1 - auc);
  return either > TELLING_AUC ? `AUC ${either.toFixed(4)}` : undefined;
}

/** Rows by which a column is cleared of suspicion, before all of them are sorted. */
const GLANCE = 20_000;

/** AUC of the values as they are; of some of the rows, where these leave no doubt. */
function areaAlone(values: Float64Array, truth: Int32Array): number {
  if (values.length > 2 * GLANCE) {
    const stride = Math.floor(values.length / GLANCE);
    const some = areaAlone(
      values.filter((_, i) => i % stride === 0).subarray(0, GLANCE),
      truth.filter((_, i) => i % stride === 0).subarray(0, GLANCE),
    );
    // Its standard error is below 0.01, unless a class is rare: then it may be NaN or astray, and all rows are looked at.
    if (some > 0.1 && some < 0.9 && rarest(truth) > GLANCE / 100) return some;
  }
  const ranked = ranking(truth, { classes: 1, values }, 0);
  const isPositive = Uint8Array.from(truth);
  let [area, before, hitsBefore] = [0, 0, 0];
  forSteps({ ...ranked, isPositive }, undefined, (hits, alarms) => {
    area += (alarms - before) * ((hits + hitsBefore) / 2);
    [before, hitsBefore] = [alarms, hits];
  });
  return area / (before * hitsBefore);
}

function rarest(truth: Int32Array): number {
  const hits = truth.reduce((sum, k) => sum + k, 0);
  return (Math.min(hits, truth.length - hits) * GLANCE) / truth.length;
}

/** A text or a whole number that is different in nearly every row. */
function idLike({ name, type, values }: Column): Leak[] {
  if (values.length < FEWEST_ROWS) return [];
  const counts = type === 'text' || (values.every(Number.isInteger) && isCount(values));
  if (!counts || repeats(values)) return [];
  return [
    {
      rule: 'id-like',
      column: name,
      words: `${name} is different in every row, as an id is; leave it out unless it means something`,
    },
  ];
}

/** Whether a value comes a second time: in most columns that shows soon. */
function repeats(values: Column['values']): boolean {
  const seen = new Set<unknown>();
  for (const value of values) {
    if (seen.has(value)) return true;
    seen.add(value);
  }
  return false;
}

/** Consecutive whole numbers, in any order. */
function isCount(values: Float64Array): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low + 1 <= 2 * values.length;
}

const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)/;

function dates({ name, type, values }: Column): Leak[] {
  if (type !== 'text') return [];
  const found = values.find((value) => value !== null);
  if (found === undefined || found === null || !DATE.test(found)) return [];
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
      words: `${shared.size} groups of ${name} are on both sides of the split`,
    },
  ];
}
