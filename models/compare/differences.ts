import type { Tensor, Tensors } from '../tensor.ts';

/** What one version answered on some rows. */
export interface Answered {
  readonly outputs: Tensors;
  /** Of the columns of its probabilities. */
  readonly labels?: readonly unknown[];
}

/** What became of one row from one version to the other. */
export interface Difference {
  readonly before: string | number;
  readonly after: string | number;
  /** Another label, or a number that is off by more than rounding. */
  readonly changed: boolean;
  /** Of numbers their distance; of labels the largest change of a probability, or 0 and 1 where there are none. */
  readonly size: number;
}

/** All rows together. */
export interface Comparison {
  readonly rows: number;
  readonly changed: number;
  readonly largest: number;
}

/** Rounding that two versions may differ by: |after - before| <= t max(1, |before|), by the coarser one's numbers. */
const ROUNDING = { FP16: 1e-2, FP32: 1e-5, FP64: 1e-9 } as const;

/** The output that answers: `predict`, or the first of a model that names its outputs itself. */
export const answerOf = ({ outputs }: Answered): Tensor =>
  (outputs.get('predict') ?? [...outputs.values()][0]) as Tensor;

/**
 * Two versions on the same rows, row by row.
 * @throws RangeError where they answered different numbers of rows
 */
export function differencesOf(before: Answered, after: Answered): Difference[] {
  const [first, second] = [answersIn(before), answersIn(after)];
  if (first.length !== second.length) throw new RangeError(`${first.length} rows against ${second.length}`);
  const shift = probabilityShift(before, after);
  const rounding = Math.max(roundingOf(before), roundingOf(after));
  return first.map((was, row) => differenceOf(was, second[row] as Row, rounding, shift?.(row)));
}

export const comparisonOf = (differences: readonly Pick<Difference, 'changed' | 'size'>[]): Comparison => ({
  rows: differences.length,
  changed: differences.filter(({ changed }) => changed).length,
  largest: differences.reduce((most, { size }) => Math.max(most, size), 0),
});

/** A label, or the numbers of a row: more than one where a model has several targets. */
type Row = string | readonly number[];

const roundingOf = (answered: Answered): number => ROUNDING[answerOf(answered).datatype as keyof typeof ROUNDING] ?? 0;

function differenceOf(was: Row, is: Row, rounding: number, shift: number | undefined): Difference {
  const [before, after] = [shownAs(was), shownAs(is)];
  if (typeof was === 'string' || typeof is === 'string' || was.length !== is.length) {
    const changed = String(before) !== String(after);
    return { before, after, changed, size: shift ?? Number(changed) };
  }
  const gaps = was.map((value, target) => Math.abs((is[target] as number) - value));
  const changed = gaps.some((gap, target) => gap > rounding * Math.max(1, Math.abs(was[target] as number)));
  return { before, after, changed, size: Math.max(...gaps) };
}

const shownAs = (row: Row): string | number =>
  typeof row === 'string' ? row : row.length === 1 ? (row[0] as number) : row.join(' ');

const utf8 = new TextDecoder();

function answersIn(answered: Answered): Row[] {
  const { datatype, shape, data } = answerOf(answered);
  const [rows = 0, width = 1] = shape;
  if (datatype === 'BYTES') return data.map((label) => utf8.decode(label));
  // Whole numbers are labels.
  if (!datatype.startsWith('FP')) return Array.from(data as ArrayLike<number | bigint>, String);
  const values = data as Float64Array;
  return Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * width, (row + 1) * width)));
}

/** The largest change of a probability in a row; a label that one side does not know has the probability 0 there. */
function probabilityShift(before: Answered, after: Answered): ((row: number) => number) | undefined {
  const [first, second] = [probabilitiesOf(before), probabilitiesOf(after)];
  if (first === undefined || second === undefined) return undefined;
  const labels = [...new Set([...first.columns.keys(), ...second.columns.keys()])];
  return (row) =>
    labels.reduce((most, label) => Math.max(most, Math.abs(second.at(row, label) - first.at(row, label))), 0);
}

function probabilitiesOf({ outputs, labels }: Answered) {
  const values = outputs.get('predict_proba')?.data as ArrayLike<number> | undefined;
  if (values === undefined || labels === undefined) return undefined;
  const columns = new Map(labels.map((label, k) => [String(label), k]));
  const at = (row: number, label: string): number => {
    const column = columns.get(label);
    return column === undefined ? 0 : (values[row * labels.length + column] as number);
  };
  return { columns, at };
}
