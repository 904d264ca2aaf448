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
  const known = new Set(Array.from(train, keyOf));
  const count = test.reduce((sum, row) => sum + Number(known.has(keyOf(row))), 0);
  if (count === 0) return [];
  return [
    { rule: 'identical-rows', words: `${count} of ${test.length} test rows have the same features as a training row` },
  ];
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
  const truth = Int32Array.from(rows, (row) => positions[row] as number);
  const ranked = ranking(truth, { classes: 1, values }, 0);
  const isPositive = Uint8Array.from(truth);
  let [area, before, hitsBefore] = [0, 0, 0];
  forSteps({ ...ranked, isPositive }, undefined, (hits, alarms) => {
    area += (alarms - before) * ((hits + hitsBefore) / 2);
    [before, hitsBefore] = [alarms, hits];
  });
  const auc = area / (before * hitsBefore);
  const either = Math.max(auc, 1 - auc);
  return either > TELLING_AUC ? `AUC ${either.toFixed(4)}` : undefined;
}

/** A text or a whole number that is different in nearly every row. */
function idLike({ name, type, values }: Column): Leak[] {
  if (values.length < FEWEST_ROWS) return [];
  const whole = type === 'text' || values.every(Number.isInteger);
  const distinct = new Set(values as Iterable<unknown>).size;
  const counts = type === 'number' && whole ? isCount(values) : type === 'text';
  if (!whole || !counts || distinct < values.length) return [];
  return [
    {
      rule: 'id-like',
      column: name,
      words: `${name} is different in every row, as an id is; leave it out unless it means something`,
    },
  ];
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
