import * as Type from 'typebox';
import { ModelFileRefused } from '../../errors.ts';
import type { Feature } from '../../features.ts';
import { type Preparation, type PreparationPlan, planPreparation } from '../../preparation/preparation.ts';
import type { Rows } from '../../rows.ts';
import { checker } from '../../schema.ts';
import { readJson } from '../text.ts';
import type { LightgbmText } from './lightgbm-text.ts';

const Categories = Type.Union([
  Type.Null(),
  Type.Array(Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
]);
const check = checker(Categories);

/** How columns become the codes that the trees ask for. */
export interface Coding {
  readonly features: readonly Feature[];
  readonly preparation: Preparation;
  readonly plan: PreparationPlan;
}

interface Coded {
  readonly feature: number;
  readonly categories: readonly (string | number | boolean)[];
}

/**
 * A category of a pandas column is its position among those of training; an unknown one is missing, as in LightGBM's
 * Python package. Categories that are numbers are sent as numbers, all others as texts.
 * @throws ModelFileRefused where the file does not say which features its categories are of
 */
export function codingOf(text: LightgbmText, names: readonly string[]): Coding {
  const coded = codedFeatures(text, names.length);
  const byNumber = coded.filter(({ categories }) => categories.every((category) => typeof category === 'number'));
  const byText = coded.filter((one) => !byNumber.includes(one));
  const features = names.map(
    (name, k): Feature => ({ name, type: byText.some(({ feature }) => feature === k) ? 'text' : 'number' }),
  );
  const preparation: Preparation = byText.map(({ feature, categories }) => ({
    step: 'ordinal',
    columns: [names[feature] as string],
    categories: [categories.map(String)],
    // Trees send a negative code where they send a missing one.
    unknown: -1,
  }));
  return {
    features,
    preparation,
    plan: withCodes(planPreparation(preparation, features, 'pandas_categorical'), byNumber),
  };
}

function codedFeatures({ header, pandas, categorical }: LightgbmText, width: number): Coded[] {
  const where = `${header.file}, pandas_categorical`;
  if (pandas === undefined) return [];
  const verdict = check(readJson({ name: where, bytes: new TextEncoder().encode(pandas) }), where);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  const lists = verdict.value ?? [];
  if (lists.length === 0) return [];
  const features = [categorical, categoricalByInfo(header.words('feature_infos'))].find(
    (candidate) => candidate.length === lists.length && candidate.every((feature) => feature < width),
  );
  if (features !== undefined) return lists.map((categories, k) => ({ feature: features[k] as number, categories }));
  throw new ModelFileRefused({
    where,
    rule: `must belong to ${lists.length} categorical features, but the file does not say which; make ordered categories unordered and train again`,
    found: categorical,
  });
}

/** Numbers have a range, `[0:7]`; categories a list, `3:0:1`; a column that never split says `none`. */
const categoricalByInfo = (infos: readonly string[]): number[] =>
  [...infos.keys()].filter((k) => !/^\[|^none$/.test(infos[k] as string));

/** Every feature takes missing values: the trees know where they go. */
function withCodes(plan: PreparationPlan, byNumber: readonly Coded[]): PreparationPlan {
  const codes = byNumber.map(({ feature, categories }) => ({
    column: plan.origins.indexOf(feature),
    codes: new Map(categories.map((category, code) => [category, code])),
  }));
  const recode = (rows: Rows): Rows => {
    if (codes.length === 0) return rows;
    const values = rows.values.slice();
    for (const { column, codes: known } of codes) {
      for (let at = column; at < values.length; at += rows.width) {
        values[at] = known.get(values[at] as number) ?? Number.NaN;
      }
    }
    return { ...rows, values };
  };
  return {
    ...plan,
    takesMissing: plan.takesMissing.map(() => true),
    applyToRows: (rows) => recode(plan.applyToRows(rows)),
    apply: (frame) => recode(plan.apply(frame)),
  };
}
