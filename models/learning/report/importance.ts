import { type Column, type Frame, type NumberColumn, selectFrame } from '../../frame.ts';
import type { NativeModel } from '../../native.ts';
import { type Answers, answersOf } from '../answers.ts';
import { type Random, shuffled } from '../random.ts';
import { range } from '../split.ts';
import { correlation } from './correlation.ts';
import type { Importance } from './report.ts';
import { logLosses } from './weighted-metrics.ts';

const REPEATS = 10;
/** Rows times features times repeats that are scored at most: beyond, fewer rows tell as much. */
const MOST_CELLS = 2e7;
const FEWEST_ROWS = 200;
const ALIKE = 0.9;

/**
 * Permutation importance: how much worse the primary metric becomes on test rows where one original column is shuffled,
 * before preparation. Breiman, "Random forests", Machine Learning 45 (2001). Largest first.
 */
export function importanceOf(
  model: NativeModel,
  test: Frame,
  truth: Answers['truth'],
  random: Random,
): { readonly importance: Importance[]; readonly count: number } {
  const width = test.columns.length;
  const most = Math.max(FEWEST_ROWS, Math.floor(MOST_CELLS / (REPEATS * width * width)));
  const chosen = test.count > most ? shuffled(range(0, test.count), random).slice(0, most) : range(0, test.count);
  const frame = test.count > most ? selectFrame(test, chosen) : test;
  const kept =
    truth instanceof Float64Array
      ? Float64Array.from(chosen, (row) => truth[row] as number)
      : Int32Array.from(chosen, (row) => truth[row] as number);
  const lossOn = (columns: readonly Column[]): number => lossOf(answersOf(model, { ...frame, columns }, kept));
  const whole = lossOn(frame.columns);
  const importance = frame.columns
    .map((column, at) => {
      const drops = Array.from({ length: REPEATS }, () => {
        const mixed = shuffledColumn(column, random);
        return lossOn(frame.columns.with(at, mixed)) - whole;
      });
      const correlated = correlatedWith(column, frame.columns);
      return { feature: column.name, ...spread(drops), ...(correlated.length > 0 && { correlated }) };
    })
    .sort((a, b) => b.drop - a.drop);
  return { importance, count: frame.count };
}

function shuffledColumn(column: Column, random: Random): Column {
  const order = shuffled(range(0, column.values.length), random);
  return selectFrame({ count: order.length, columns: [column] }, order).columns[0] as Column;
}

function spread(drops: readonly number[]): { drop: number; deviation: number } {
  const drop = drops.reduce((sum, value) => sum + value, 0) / drops.length;
  const variance = drops.reduce((sum, value) => sum + (value - drop) ** 2, 0) / drops.length;
  return { drop, deviation: Math.sqrt(variance) };
}

const correlatedWith = (column: Column, columns: readonly Column[]): string[] =>
  column.type === 'text'
    ? []
    : columns
        .filter((other): other is NumberColumn => other.type === 'number' && other.name !== column.name)
        .filter((other) => Math.abs(correlation(column.values, other.values)) > ALIKE)
        .map(({ name }) => name);

/** The primary metric, lower for the better: RMSE, log loss, or the error rate. */
function lossOf(answers: Answers): number {
  if (answers.task === 'regression') {
    const { truth, predicted } = answers;
    return Math.sqrt(
      truth.reduce((sum, value, row) => sum + (value - (predicted[row] as number)) ** 2, 0) / truth.length,
    );
  }
  const { truth, predicted, probabilities } = answers;
  const losses = probabilities
    ? logLosses(truth, probabilities)
    : Float64Array.from(truth, (k, row) => Number(k !== predicted[row]));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
