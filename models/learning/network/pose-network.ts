import { type Column, type Frame, selectFrame } from '../../frame.ts';
import { holdOutLast, type Split } from '../folds.ts';
import { type ChosenRows, DEFAULT_SEED, foldsOf, type Problem, poseProblem, splitProblem } from '../problem.ts';
import { seededRandom } from '../random.ts';
import { TrainingRefused } from '../training-refused.ts';
import type { NetworkKind } from './network-kinds.ts';
import type { NetworkRecipe } from './network-recipe.ts';
import { type NetworkTask, networkTask } from './network-task.ts';

/** A table as a network learns from it. */
export interface NetworkProblem {
  readonly problem: Problem;
  readonly task: NetworkTask;
  /** Rows to learn from, rows that say when to end, and rows to test with. */
  readonly split: ReturnType<typeof splitProblem> & { readonly fit: Int32Array; readonly validation: Int32Array };
}

/** One part of the training rows says when to end. */
const PARTS = 7;

/** @throws TrainingRefused naming option, row or column, and the rule */
export function poseNetwork(
  frame: Frame,
  kind: NetworkKind,
  recipe: NetworkRecipe,
  chosen: ChosenRows,
): NetworkProblem {
  const { target, seed = DEFAULT_SEED, testSize, group, time } = recipe;
  const shared = {
    ...(target && { target }),
    ...(testSize && { testSize }),
    ...(group && { group }),
    ...(time && { time }),
    seed,
  };
  const problem = poseProblem(frame, shared);
  for (const column of problem.features.columns) requireNumbers(column);
  const { truth, features } = problem;
  const classes = truth.task === 'classification' ? truth.labels.values.length : 0;
  const task = networkTask(kind, recipe, { features: features.columns.length, classes, seed });
  const split = splitProblem(problem, shared, chosen);
  const { train: fit, test: validation } = partOf(problem, split.train, seed);
  return { problem, task, split: { ...split, fit, validation } };
}

/** @throws TrainingRefused naming row and column */
function requireNumbers({ name, type, values }: Column): void {
  if (type === 'text')
    throw new TrainingRefused({
      where: `column ${JSON.stringify(name)}`,
      rule: 'must be numbers for a network',
      found: values[0],
    });
  const column = `column ${JSON.stringify(name)}`;
  const missing = values.findIndex(Number.isNaN);
  if (missing !== -1)
    throw new TrainingRefused({ where: `row ${missing}, ${column}`, rule: 'must not be missing for a network' });
  const large = values.findIndex((value) => !Number.isFinite(Math.fround(value as number)));
  if (large !== -1)
    throw new TrainingRefused({
      where: `row ${large}, ${column}`,
      rule: 'must be a number within FP32, in which a network learns',
      found: values[large],
    });
}

/** The last rows where time matters, otherwise one fold. */
function partOf(problem: Problem, rows: Int32Array, seed: number): Split {
  const { time } = problem;
  if (!time) return foldsOf(problem, rows, PARTS, seededRandom(seed))[0] as Split;
  const [column] = selectFrame({ count: 0, columns: [time] }, rows).columns;
  const { train, test } = holdOutLast(column as Column, 1 / PARTS);
  const at = (places: Int32Array): Int32Array => places.map((place) => rows[place] as number);
  return { train: at(train), test: at(test) };
}

/** Rows of numbers one after the other, in single precision. */
export function floatRows({ columns }: Frame, rows: Int32Array): Float32Array<ArrayBuffer> {
  const all = new Float32Array(rows.length * columns.length);
  for (const [k, { values }] of columns.entries()) {
    for (let i = 0; i < rows.length; i++) all[i * columns.length + k] = values[rows[i] as number] as number;
  }
  return all;
}
