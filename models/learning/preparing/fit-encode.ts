import { byCodePoint } from '../../code-point-order.ts';
import type { TextColumn } from '../../frame.ts';
import type { OneHot, Ordinal } from '../../preparation/encode.ts';
import { TrainingRefused } from '../training-refused.ts';

/** More columns than this come of a mistake: an id, or a text to be read word by word. */
const MOST_CATEGORIES = 10_000;

export interface OneHotOptions {
  readonly unknown: 'zeros' | 'refuse';
  readonly drop?: 'first';
}

/** The categories of the training rows, by code point. @throws TrainingRefused for more than 10,000 in one column */
export const fitOneHot = (columns: readonly TextColumn[], { unknown, drop }: OneHotOptions): OneHot => ({
  step: 'one-hot',
  columns: columns.map(({ name }) => name),
  categories: columns.map(categoriesOf),
  unknown,
  ...(drop && { drop }),
});

/** @throws TrainingRefused for more than 10,000 categories in one column */
export const fitOrdinal = (columns: readonly TextColumn[], unknown: Ordinal['unknown']): Ordinal => ({
  step: 'ordinal',
  columns: columns.map(({ name }) => name),
  categories: columns.map(categoriesOf),
  unknown,
});

function categoriesOf({ name, values }: TextColumn): string[] {
  const categories = new Set(values.filter((value) => value !== null));
  if (categories.size > MOST_CATEGORIES) {
    const rule = `must have at most ${MOST_CATEGORIES} categories; leave it out, or read it word by word`;
    throw new TrainingRefused({ where: `column ${JSON.stringify(name)}`, rule, found: categories.size });
  }
  return [...categories].sort(byCodePoint);
}
