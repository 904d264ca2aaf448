import type { Column, Frame, NumberColumn, TextColumn } from '../../frame.ts';
import type { Preparation } from '../../preparation/preparation.ts';
import { wordsIn } from '../../preparation/tf-idf.ts';
import { fitOneHot, fitOrdinal } from './fit-encode.ts';
import { type Filling, fitImpute } from './fit-impute.ts';
import { fitMinMax, fitRobust, fitStandardize } from './fit-scale.ts';
import { fitTfIdf } from './fit-tf-idf.ts';
import {
  type NumberTreatment,
  numberTreatment,
  type PreparationRecipe,
  type TextTreatment,
  textTreatment,
} from './preparation-recipe.ts';

type Step = Preparation[number];

/**
 * Fits the steps of a recipe on training rows: numbers are filled and scaled where they are, then texts are filled and
 * turned into numbers. A column is filled whether or not a training row misses its value: a later one may.
 * @throws TrainingRefused for a column that the recipe can't prepare
 */
export function fitPreparation(recipe: PreparationRecipe, { columns }: Frame): Preparation {
  const numbers = columns.filter((column) => column.type === 'number');
  const texts = columns.filter((column) => column.type === 'text');
  return [
    ...byTreatment(numbers, (name) => numberTreatment(recipe, name)).flatMap(([treatment, group]) =>
      fitNumbers(treatment, group, numbers.length === columns.length && group.length === numbers.length),
    ),
    ...byTreatment(texts, (name) => textTreatment(recipe, name)).flatMap(([treatment, group]) =>
      fitTexts(treatment, group),
    ),
  ];
}

/** Columns that are treated alike, in the order of their first. */
function byTreatment<C extends Column, T>(columns: readonly C[], treatmentOf: (name: string) => T): [T, C[]][] {
  const groups = new Map<string, [T, C[]]>();
  for (const column of columns) {
    const treatment = treatmentOf(column.name);
    const key = JSON.stringify(treatment);
    const group = groups.get(key) ?? [treatment, []];
    group[1].push(column);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const SCALES = { standard: fitStandardize, minmax: fitMinMax, robust: fitRobust } as const;

function fitNumbers(
  { impute, indicator, scale }: NumberTreatment,
  columns: readonly NumberColumn[],
  isAll: boolean,
): Step[] {
  const gaps = impute === 'none' ? [] : columns;
  const steps: Step[] = gaps.length > 0 ? [fitImpute(gaps, { filling: impute as Filling, indicator })] : [];
  if (scale !== 'none') {
    const fillers = new Map(steps.flatMap((step) => fillersIn(step)));
    const scaled = SCALES[scale](columns.map((column) => filled(column, fillers.get(column.name))));
    // Where it takes all columns it need not name them.
    const { columns: _, ...unnamed } = scaled;
    steps.push(isAll && !(gaps.length > 0 && indicator) ? (unnamed as Step) : scaled);
  }
  return steps;
}

const fillersIn = (step: Step): [string, number][] =>
  step.step === 'impute' ? (step.columns ?? []).map((name, k) => [name, step.values[k] as number]) : [];

/** Scaling is fitted on what it will see: rows whose gaps are filled. */
const filled = (column: NumberColumn, filler: number | undefined): NumberColumn =>
  filler === undefined
    ? column
    : { ...column, values: column.values.map((value) => (Number.isNaN(value) ? filler : value)) };

function fitTexts({ impute, indicator, encode, unknown, drop }: TextTreatment, columns: readonly TextColumn[]): Step[] {
  const words = columns.filter((column) => encode === 'tf-idf' || (encode === 'auto' && isProse(column)));
  const categories = columns.filter((column) => !words.includes(column));
  const gaps = impute === 'none' ? [] : categories;
  const filling = fitImpute(gaps, { filling: impute as Filling, indicator });
  const fillers = new Map(gaps.map(({ name }, k) => [name, filling.values[k] as string]));
  const full = categories.map((column) => filledText(column, fillers.get(column.name)));
  return [
    ...(gaps.length > 0 ? [filling] : []),
    ...(full.length > 0 ? [encoded(full, encode, unknown, drop)] : []),
    ...words.flatMap((column) => fitWords(column, indicator)),
  ];
}

const filledText = (column: TextColumn, filler: string | undefined): TextColumn =>
  filler === undefined ? column : { ...column, values: column.values.map((value) => value ?? filler) };

function encoded(
  columns: readonly TextColumn[],
  encode: TextTreatment['encode'],
  unknown: TextTreatment['unknown'],
  drop: TextTreatment['drop'],
): Step {
  if (encode === 'ordinal') return fitOrdinal(columns, unknown === 'zeros' ? -1 : unknown);
  return fitOneHot(columns, {
    unknown: unknown === 'refuse' ? 'refuse' : 'zeros',
    ...(drop === 'first' && { drop: 'first' }),
  });
}

/** A missing text has no words. */
const fitWords = (column: TextColumn, indicator: boolean): Step[] => [
  fitImpute([column], { filling: { constant: '' }, indicator }),
  fitTfIdf(column),
];

const PROSE_DISTINCT = 0.5;
const PROSE_WORDS = 3;

/** Whether a column holds texts rather than categories: more than half of its rows differ, of three words or more on average. */
function isProse({ values }: TextColumn): boolean {
  const present = values.filter((value) => value !== null);
  if (new Set(present).size <= PROSE_DISTINCT * present.length) return false;
  const words = present.reduce((sum, text) => sum + wordsIn(text).length, 0);
  return words >= PROSE_WORDS * present.length;
}
