import { byCodePoint } from '../code-point-order.ts';
import type { Column, Frame } from '../frame.ts';
import { type Labels, parseLabels } from '../labels.ts';
import type { TrainedKind } from './recipe.ts';
import { TrainingRefused } from './training-refused.ts';

/** Classes of a target, ascending: numbers by value, texts by code point; and each row's position among them. */
export interface Classes {
  readonly labels: Labels;
  readonly positions: Int32Array;
}

const CUSTOMARY = ['target', 'label', 'y', 'class'];

/** The stated target, or the only column with a customary name. @throws TrainingRefused naming the columns */
export function chooseTarget({ columns }: Frame, stated: string | undefined): Column {
  const names = columns.map(({ name }) => name);
  const candidates = stated === undefined ? names.filter((name) => CUSTOMARY.includes(name.toLowerCase())) : [stated];
  const target = candidates.length === 1 ? columns.find(({ name }) => name === candidates[0]) : undefined;
  if (target !== undefined) return complete(target);
  const found = names.slice(0, 50).join(', ');
  throw new TrainingRefused({
    where: 'target',
    rule: stated === undefined ? `must be stated: the columns are ${found}` : `must be one of the columns ${found}`,
    found: stated,
  });
}

/** @throws TrainingRefused where a row has no target */
function complete(target: Column): Column {
  const values = target.values as readonly (number | string | null)[];
  const row = values.findIndex((value) => value === null || Number.isNaN(value));
  if (row === -1) return target;
  throw new TrainingRefused({
    where: `row ${row}, target ${JSON.stringify(target.name)}`,
    rule: 'must not be missing',
  });
}

/** @throws TrainingRefused where there is one class only, or nearly as many classes as rows */
export function classesOf({ name, type, values }: Column): Classes {
  const distinct = new Set<number | string>(values as Iterable<number | string>);
  const where = `target ${JSON.stringify(name)}`;
  if (distinct.size < 2)
    throw new TrainingRefused({ where, rule: 'must have two classes or more', found: distinct.size });
  if (distinct.size > MOST_CLASSES) {
    throw new TrainingRefused({ where, rule: `must have at most ${MOST_CLASSES} classes`, found: distinct.size });
  }
  const ordered =
    type === 'number'
      ? [...(distinct as Set<number>)].sort((a, b) => a - b)
      : [...(distinct as Set<string>)].sort(byCodePoint);
  const position = new Map<number | string, number>(ordered.map((label, k) => [label, k]));
  return {
    labels: parseLabels(ordered),
    positions: Int32Array.from(values as ArrayLike<number>, (value) => position.get(value) as number),
  };
}

const MOST_CLASSES = 1_000;

/** @throws TrainingRefused for texts, or where all are the same */
export function numbersOf({ name, type, values }: Column): Float64Array {
  const where = `target ${JSON.stringify(name)}`;
  if (type === 'text')
    throw new TrainingRefused({ where, rule: 'must be numbers to be fitted by regression', found: values[0] });
  if (values.every((value) => value === values[0])) {
    throw new TrainingRefused({ where, rule: 'must vary: every row has the same', found: values[0] });
  }
  return values;
}

export interface Choice {
  readonly kind: TrainedKind;
  readonly why: string;
}

const FEW = 20;
const ROWS_EACH = 10;

/** What is fitted where nobody says: texts and small integers with rows enough are classes, all else is numbers. */
export function chooseKind({ name, type, values }: Column): Choice {
  if (type === 'text') return { kind: 'logistic', why: `${name} holds texts` };
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const areFew = counts.size <= FEW && values.every(Number.isInteger);
  if (areFew && Math.min(...counts.values()) >= ROWS_EACH) {
    return { kind: 'logistic', why: `${name} holds ${counts.size} integers, each in ${ROWS_EACH} rows or more` };
  }
  return { kind: 'ridge', why: `${name} holds numbers that are no classes` };
}
