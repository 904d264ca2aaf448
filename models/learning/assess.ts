import type { Intake } from '../features.ts';
import type { Column, Frame } from '../frame.ts';
import type { Labels } from '../labels.ts';
import type { NativeModel } from '../native.ts';
import { type Answers, answersOf } from './answers.ts';
import { type Evaluation, metricsOf } from './evaluate.ts';
import { TrainingRefused } from './training-refused.ts';

/** A finished model's answers to a table, and how good they are. */
export interface Assessed {
  readonly target: string;
  /** The model's columns, in its order. */
  readonly features: Frame;
  readonly answers: Answers;
  readonly evaluation: Evaluation;
}

/**
 * A finished model on a table that it has not seen: its metrics against one of the columns.
 * @throws TrainingRefused where a feature or the target is not there, or a target is none of the model's labels
 */
export function assess(model: NativeModel, frame: Frame, target: string): Assessed {
  const features = featuresIn(frame, model);
  const answers = answersOf(model, features, truthIn(frame, target, model.labels));
  return { target, features, answers, evaluation: metricsOf(answers) };
}

/** The columns of slices. @throws TrainingRefused where the table lacks one */
export function checkedSlices(slices: readonly string[], { columns }: Frame): readonly string[] {
  const names = columns.map(({ name }) => name);
  const stray = slices.find((name) => !names.includes(name));
  if (stray === undefined) return slices;
  throw new TrainingRefused({
    where: 'slice',
    rule: `must be a column of the table (${names.slice(0, 50).join(', ')})`,
    found: stray,
  });
}

/** The columns that a model takes, in its order. @throws TrainingRefused where one is not there, or of another type */
export const featuresIn = (frame: Frame, intake: Intake): Frame => ({
  count: frame.count,
  columns: intake.features.map((name) => columnOf(frame, name, typeOf(intake, name))),
});

/**
 * The target of every row: numbers, or positions among the labels where there are some.
 * @throws TrainingRefused where the target is not there, missing in a row, or none of the labels
 */
export function truthIn(frame: Frame, target: string, labels: Labels | undefined): Float64Array | Int32Array {
  const truth = frame.columns.find(({ name }) => name === target);
  if (truth === undefined)
    throw new TrainingRefused({ where: 'target', rule: 'must be a column of the table', found: target });
  if (labels) return positionsOf(truth, labels);
  if (truth.type === 'number' && !truth.values.some(Number.isNaN)) return truth.values;
  throw new TrainingRefused({ where: `target ${JSON.stringify(target)}`, rule: 'must be a number in every row' });
}

const typeOf = ({ types }: Intake, name: string): Column['type'] =>
  types && Object.hasOwn(types, name) ? 'text' : 'number';

function columnOf({ columns }: Frame, name: string, type: Column['type']): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (column?.type === type) return column;
  const rule = column === undefined ? 'must have every feature of the model' : `must hold a ${type} in every row of it`;
  throw new TrainingRefused({ where: 'table', rule, found: name });
}

function positionsOf({ name, values }: Column, { values: labels }: Labels): Int32Array {
  const known = new Map(labels.map((label, position) => [String(label), position]));
  return Int32Array.from(values as ArrayLike<number>, (value, row) => {
    const position = known.get(String(value));
    if (position !== undefined) return position;
    const where = `row ${row}, target ${JSON.stringify(name)}`;
    throw new TrainingRefused({ where, rule: `must be one of the model's labels ${labels.join(', ')}`, found: value });
  });
}
