import type { Column } from '../../frame.ts';
import { DEFAULT_SEED, type Truth } from '../problem.ts';
import { seededRandom, shuffled } from '../random.ts';
import { correlation } from './correlation.ts';
import { areaUnderRoc, ranking } from './weighted-metrics.ts';

const [TELLING_AUC, TELLING_R] = [0.99, 0.999];
const FEWEST_ROWS = 20;
/** Numbers of at most so many values may be codes, whose order means nothing. */
const MOST_CODES = 20;
/** So many rows show the strength of a column to the third digit. */
const MOST_ROWS = 20_000;
/** A value in fewer rows than that on average tells of its rows, not of a rule. */
const ROWS_A_VALUE = 5;

/**
 * How well one column alone tells the target of the training rows, in words, where that is suspiciously well: AUC over
 * 0.99 (of many classes the mean of one against the rest) or |r| over 0.999. Numbers are taken as they are, and whether
 * one is missing as well; texts and codes by the mean target of each value, learned on one half of the rows and tried on
 * the other. Of very many rows some are looked at, drawn at random.
 */
export function telling(column: Column, truth: Truth, all: Int32Array): string | undefined {
  if (all.length < FEWEST_ROWS) return undefined;
  const rows = all.length > MOST_ROWS ? drawn(all) : all;
  const strengths = [...scoresOf(column, rows)].map((score) => strengthOf(score, truth));
  const most = Math.max(0, ...strengths.filter(Number.isFinite));
  if (truth.task === 'regression') return most > TELLING_R ? `|r| = ${most.toFixed(4)}` : undefined;
  return most > TELLING_AUC ? `AUC ${most.toFixed(4)}` : undefined;
}

const drawn = (rows: Int32Array): Int32Array => shuffled(rows, seededRandom(DEFAULT_SEED)).subarray(0, MOST_ROWS);

/** Some rows, and a number for each of them; by class where the number depends on it. */
interface Score {
  readonly rows: Int32Array;
  valuesFor(targets: ArrayLike<number>): Float64Array;
}

function* scoresOf(column: Column, rows: Int32Array): Generator<Score> {
  const { values, type } = column;
  if (type === 'number') {
    const present = rows.filter((row) => !Number.isNaN(values[row]));
    if (present.length >= FEWEST_ROWS) yield plain(present, (row) => values[row] as number);
    if (present.length < rows.length) yield plain(rows, (row) => Number(Number.isNaN(values[row])));
  }
  const distinct = new Set(Array.from(rows, (row) => values[row])).size;
  if (distinct * ROWS_A_VALUE <= rows.length && (type === 'text' || distinct <= MOST_CODES))
    yield byValue(column, rows);
}

function plain(rows: Int32Array, of: (row: number) => number): Score {
  const values = Float64Array.from(rows, of);
  return { rows, valuesFor: () => values };
}

function byValue({ values }: Column, rows: Int32Array): Score {
  // Shuffled, as tables may come sorted or in turns.
  const mixed = shuffled(rows, seededRandom(DEFAULT_SEED));
  const [learned, tried] = [mixed.subarray(rows.length >> 1), mixed.subarray(0, rows.length >> 1)];
  return {
    rows: tried,
    valuesFor(targets) {
      const sums = new Map<unknown, { sum: number; count: number }>();
      let all = 0;
      for (const row of learned) {
        const { sum, count } = sums.get(values[row]) ?? { sum: 0, count: 0 };
        const target = targets[row] as number;
        sums.set(values[row], { sum: sum + target, count: count + 1 });
        all += target;
      }
      const unknown = { sum: all, count: learned.length };
      return Float64Array.from(tried, (row) => {
        const { sum, count } = sums.get(values[row]) ?? unknown;
        return sum / count;
      });
    },
  };
}

function strengthOf({ rows, valuesFor }: Score, truth: Truth): number {
  if (truth.task === 'regression') {
    const targets = Float64Array.from(rows, (row) => truth.values[row] as number);
    return Math.abs(correlation(valuesFor(truth.values), targets));
  }
  const classes = truth.labels.values.length;
  const asked = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const areas = asked.map((k) => {
    const isClass = truth.positions.map((position) => Number(position === k));
    const positions = Int32Array.from(rows, (row) => isClass[row] as number);
    const area = areaUnderRoc(ranking(positions, { classes: 1, values: valuesFor(isClass) }, 0, 1));
    return Math.max(area, 1 - area);
  });
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}
