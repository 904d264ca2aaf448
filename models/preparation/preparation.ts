import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import type { Feature } from '../features.ts';
import type { Frame } from '../frame.ts';
import type { Rows } from '../rows.ts';
import type { ColumnPlan, Header, InPlace, Values } from './column-plan.ts';
import { OneHot, Ordinal, planEncode } from './encode.ts';
import { Impute, planImpute } from './impute.ts';
import { MinMax, planScale, Robust, Standardize } from './scale.ts';
import { planTfIdf, TfIdf } from './tf-idf.ts';

const Step = Type.Union([Standardize, MinMax, Robust, Impute, OneHot, Ordinal, TfIdf]);
type Step = Static<typeof Step>;

/**
 * Steps fitted on training rows, stored with the model, applied in this order before scoring. Scaling and imputation
 * work in place; an encoder removes its column and appends what it makes of it at the end.
 */
export const Preparation = Type.Array(Step);
export type Preparation = Static<typeof Preparation>;

/** A preparation that fits its features. */
export interface PreparationPlan {
  /** Names of the features, as the steps know them. */
  readonly features: readonly string[];
  /** Names of the prepared columns. */
  readonly names: readonly string[];
  /** For each prepared column, the position of the feature that it was made from. */
  readonly origins: readonly number[];
  /** For each feature, whether its missing values are filled in. */
  readonly takesMissing: readonly boolean[];
  /** Whether every step only scales and moves. */
  readonly isAffine: boolean;
  /** Prepares rows of features that are all numbers. */
  applyToRows(rows: Rows): Rows;
  /** @throws UnfitInput for a category that is refused */
  apply(frame: Frame): Rows;
}

/** @throws ModelFileRefused where a step does not fit the columns that are there, or texts are left at the end */
export function planPreparation(
  preparation: Preparation,
  features: readonly Feature[],
  where: string,
): PreparationPlan {
  let headers: readonly Header[] = features.map(({ name, type }, origin) => ({ name, type, origin }));
  const takesMissing = features.map(() => false);
  const plans = preparation.map((step, i) => {
    if (step.step === 'impute') for (const origin of filledBy(step, headers)) takesMissing[origin] = true;
    const plan = planStep(step, headers, `${where}[${i}]`);
    headers = plan.headers;
    return plan;
  });
  const text = headers.find(({ type }) => type === 'text');
  if (text !== undefined) {
    throw new ModelFileRefused({ where, rule: 'must turn every text into numbers, but leaves', found: text.name });
  }
  const apply = (columns: readonly Values[], count: number): Rows =>
    rowsOf(
      plans.reduce((values, plan) => plan.apply(values, count), columns),
      count,
    );
  const inPlace = plans.flatMap((plan) => plan.inPlace ?? []);
  return {
    features: features.map(({ name }) => name),
    names: headers.map(({ name }) => name),
    origins: headers.map(({ origin }) => origin),
    takesMissing,
    isAffine: preparation.every(({ step }) => AFFINE.has(step)),
    applyToRows:
      inPlace.length === plans.length ? (rows) => mapRows(rows, inPlace) : (rows) => apply(columnsOf(rows), rows.count),
    apply: ({ columns, count }) =>
      apply(
        columns.map(({ values }) => values),
        count,
      ),
  };
}

const AFFINE: ReadonlySet<Step['step']> = new Set(['standardize', 'min-max', 'robust']);

const filledBy = ({ columns }: Impute, headers: readonly Header[]): number[] =>
  headers.filter(({ name }) => columns?.includes(name) ?? true).map(({ origin }) => origin);

function planStep(step: Step, headers: readonly Header[], where: string): ColumnPlan {
  switch (step.step) {
    case 'standardize':
    case 'min-max':
    case 'robust':
      return planScale(step, headers, where);
    case 'impute':
      return planImpute(step, headers, where);
    case 'one-hot':
    case 'ordinal':
      return planEncode(step, headers, where);
    case 'tf-idf':
      return planTfIdf(step, headers, where);
  }
}

/** What works in place needs no columns: one pass over the rows for each step. */
function mapRows({ count, width, values }: Rows, steps: readonly InPlace[]): Rows {
  const mapped = values.slice();
  for (const { positions, map } of steps) {
    for (let start = 0; start < mapped.length; start += width) {
      for (let k = 0; k < positions.length; k++) {
        const at = start + (positions[k] as number);
        mapped[at] = map(mapped[at] as number, k);
      }
    }
  }
  return { count, width, values: mapped };
}

const columnsOf = ({ count, width, values }: Rows): Float64Array[] =>
  Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: count }, (_, row) => values[row * width + column] as number),
  );

/** So many rows at a time stay in the processor's cache while column after column is written into them. */
const BLOCK = 256;

function rowsOf(columns: readonly Values[], count: number): Rows {
  const width = columns.length;
  const values = new Float64Array(count * width);
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(from + BLOCK, count);
    for (let column = 0; column < width; column++) {
      const numbers = columns[column] as Float64Array;
      for (let row = from; row < to; row++) values[row * width + column] = numbers[row] as number;
    }
  }
  return { count, width, values };
}

/** Of models that take their features as they are. */
export const noPreparation = (names: readonly string[]): PreparationPlan =>
  planPreparation(
    [],
    names.map((name) => ({ name, type: 'number' })),
    'preparation',
  );

/** Of models that know themselves what a missing value means. */
export const takingMissing = (names: readonly string[]): PreparationPlan => ({
  ...noPreparation(names),
  takesMissing: names.map(() => true),
});
