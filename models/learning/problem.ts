import { type Column, type ColumnType, type Frame, selectFrame } from '../frame.ts';
import type { Labels } from '../labels.ts';
import { algorithms } from './algorithms.ts';
import { folds, holdOut, holdOutLast, type Split, type Strata } from './folds.ts';
import { refuseUnheeded } from './kind-options.ts';
import { type Random, seededRandom } from './random.ts';
import type { Recipe, TrainedKind } from './recipe.ts';
import { range } from './split.ts';
import { chooseKind, chooseTarget, classesOf, numbersOf } from './target.ts';
import { TrainingRefused } from './training-refused.ts';

/** What is to be predicted, in the form that its algorithms take. */
export type Truth =
  | { readonly task: 'regression'; readonly values: Float64Array }
  | { readonly task: 'classification'; readonly labels: Labels; readonly positions: Int32Array };

/** A table with its parts told apart: what to predict, from what, and how rows may be parted. */
export interface Problem {
  readonly kind: TrainedKind;
  /** Why this kind, where nobody stated it. */
  readonly why: string | undefined;
  readonly target: string;
  readonly features: Frame;
  readonly truth: Truth;
  readonly weights: Float64Array | undefined;
  readonly strata: Strata;
  readonly time: Column | undefined;
}

/** @throws TrainingRefused naming the option that is not of the kind, or the column that is missing or not fit for its part */
export function poseProblem(frame: Frame, recipe: Recipe): Problem {
  const target = chooseTarget(frame, recipe.target);
  const { kind, why } = recipe.kind ? { kind: recipe.kind, why: undefined } : chooseKind(target);
  refuseUnheeded(recipe, kind);
  const aside = { group: recipe.group, time: recipe.time, weight: recipe.weight };
  const [group, time, weight] = Object.entries(aside).map(([option, name]) => name && columnOf(frame, option, name));
  const apart = new Set([target.name, ...Object.values(aside)]);
  const columns = frame.columns.filter(({ name }) => !apart.has(name));
  if (columns.length === 0) throw new TrainingRefused({ where: 'table', rule: 'must have a column beside the target' });
  const truth = truthOf(target, kind);
  return {
    kind,
    why,
    target: target.name,
    features: { count: frame.count, columns },
    truth,
    weights: weight ? weightsOf(weight) : undefined,
    strata: {
      ...(truth.task === 'classification' && { classes: truth.positions }),
      ...(group && { groups: group }),
    },
    time: time || undefined,
  };
}

function truthOf(target: Column, kind: TrainedKind): Truth {
  const { task } = algorithms[kind];
  return task === 'regression' ? { task, values: numbersOf(target) } : { task, ...classesOf(target) };
}

function columnOf({ columns }: Frame, option: string, name: string): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  throw new TrainingRefused({ where: option, rule: 'must be a column of the table', found: name });
}

function weightsOf({ name, type, values }: Column): Float64Array {
  if (type === 'number' && values.every((value) => value > 0)) return values;
  throw new TrainingRefused({ where: `weight ${JSON.stringify(name)}`, rule: 'must be a number > 0 in every row' });
}

/** Rows that a person has chosen, as positions. */
export interface ChosenRows {
  readonly train?: Int32Array;
  readonly test?: Int32Array;
}

const TEST_SHARE = 0.2;

/** The rows to learn from and the rows to test with, and in words how they were parted. */
export function splitProblem(
  problem: Problem,
  recipe: Recipe,
  chosen: ChosenRows,
): Split & { readonly words: string; readonly atRandom: boolean } {
  const { features, strata, time } = problem;
  const { testSize = TEST_SHARE, seed = DEFAULT_SEED } = recipe;
  const { train, test } = chosen;
  if (train || test) {
    const rest = (taken: Int32Array): Int32Array => {
      const gone = new Set(taken);
      return range(0, features.count).filter((row) => !gone.has(row));
    };
    return {
      train: train ?? rest(test as Int32Array),
      test: test ?? rest(train as Int32Array),
      words: 'by the stated rows',
      atRandom: false,
    };
  }
  const share = `${Math.round(testSize * 100)} %`;
  if (time) return { ...holdOutLast(time, testSize), words: `the last ${share} by ${time.name}`, atRandom: false };
  const split = holdOut(features.count, testSize, strata, seededRandom(seed));
  const how = strata.groups
    ? `whole groups of ${strata.groups.name}`
    : strata.classes
      ? 'of every class'
      : 'of the rows';
  return { ...split, words: `${share} ${how}, at random, seed ${seed}`, atRandom: true };
}

export const DEFAULT_SEED = 42;

/** Cross-validation within some rows, as positions among them. */
export function foldsOf({ strata }: Problem, rows: Int32Array, parts: number, random: Random): readonly Split[] {
  const { classes, groups } = strata;
  const within: Strata = {
    ...(classes && { classes: rows.map((row) => classes[row] as number) }),
    ...(groups && { groups: selectFrame({ count: 0, columns: [groups] }, rows).columns[0] as Column }),
  };
  return folds(rows.length, parts, within, random).map(({ train, test }) => ({
    train: train.map((at) => rows[at] as number),
    test: test.map((at) => rows[at] as number),
  }));
}

/** The types of the features that are texts, as a model states them; undefined where all are numbers. */
export function typesOf({ columns }: Frame): Record<string, 'text'> | undefined {
  const texts = columns.filter(({ type }) => type === ('text' satisfies ColumnType));
  return texts.length > 0 ? Object.fromEntries(texts.map(({ name }) => [name, 'text'])) : undefined;
}
