import { byCodePoint } from '../../code-point-order.ts';
import type { Column } from '../../frame.ts';
import type { Impute } from '../../preparation/impute.ts';
import { TrainingRefused } from '../training-refused.ts';
import { presentIn, quantile } from './present.ts';

/** What stands in for a missing value. A constant is the same for all columns. */
export type Filling = 'mean' | 'median' | 'most-frequent' | { readonly constant: number | string };

export interface ImputeOptions {
  readonly filling: Filling;
  /** Whether a further column says where a value was missing. */
  readonly indicator?: boolean;
}

/** @throws TrainingRefused for a column without any value, or a filling that is not for its type */
export function fitImpute(columns: readonly Column[], { filling, indicator = false }: ImputeOptions): Impute {
  return {
    step: 'impute',
    columns: columns.map(({ name }) => name),
    values: columns.map((column) => fillerOf(column, filling)),
    ...(indicator && { indicator }),
  };
}

function fillerOf(column: Column, filling: Filling): number | string {
  const { name, type } = column;
  if (typeof filling === 'object') return ofType(filling.constant, type, name);
  if (type === 'text') {
    if (filling !== 'most-frequent') throw refusal(name, `must hold numbers to be filled with the ${filling}`);
    return mostFrequent(
      column.values.filter((value) => value !== null),
      byCodePoint,
      name,
    );
  }
  const present = presentIn(column.values).sort();
  if (present.length === 0) throw refusal(name, 'must hold a value in some training row: there is nothing to fill in');
  if (filling === 'most-frequent') return mostFrequent([...present], (a, b) => a - b, name);
  return filling === 'median'
    ? quantile(present, 0.5)
    : present.reduce((sum, value) => sum + value, 0) / present.length;
}

function ofType(constant: number | string, type: Column['type'], name: string): number | string {
  if ((typeof constant === 'number') === (type === 'number')) return constant;
  throw new TrainingRefused({
    where: `column ${JSON.stringify(name)}`,
    rule: `must be filled with a ${type}`,
    found: constant,
  });
}

/** Ties go to the smallest. */
function mostFrequent<T>(values: readonly T[], order: (a: T, b: T) => number, name: string): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1] || order(a[0], b[0]));
  if (first === undefined) throw refusal(name, 'must hold a value in some training row: there is nothing to fill in');
  return first[0];
}

const refusal = (name: string, rule: string): TrainingRefused =>
  new TrainingRefused({ where: `column ${JSON.stringify(name)}`, rule });
