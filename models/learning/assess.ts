import type { Intake } from '../features.ts';
import type { Column, Frame } from '../frame.ts';
import type { Labels } from '../labels.ts';
import type { NativeModel } from '../native.ts';
import { answersOf } from './answers.ts';
import { type Evaluation, metricsOf } from './evaluate.ts';
import { TrainingRefused } from './training-refused.ts';

/**
 * A finished model on a table that it has not seen: its metrics against one of the columns.
 * @throws TrainingRefused where a feature or the target is not there, or a target is none of the model's labels
 */
export function assess(model: NativeModel, frame: Frame, target: string): Evaluation {
  return metricsOf(answersOf(model, featuresIn(frame, model), truthIn(frame, target, model.labels)));
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
