import { type KindName, kinds } from '../../../models/kinds/kinds.ts';
import { parseLabels } from '../../../models/labels.ts';
import type { Batch } from '../../../models/rows.ts';
import { rowsOf } from '../../rows.ts';

export interface Parameters {
  readonly width: number;
  readonly labels?: readonly (string | number | boolean)[];
  readonly [parameter: string]: unknown;
}

/** A scorer of this kind, as `model.json` would bring it. */
export const scorerOf = (kind: KindName, { width, labels, ...parameters }: Parameters) =>
  kinds[kind].build(parameters, { width, labels: labels && parseLabels(labels), where: 'parameters' });

/** What a scorer answers to a table or batch, as plain arrays by output name. */
export function answersOf(scorer: ReturnType<typeof scorerOf>, table: Batch | readonly (readonly number[])[]) {
  const answered = scorer.score('count' in table ? table : rowsOf(table));
  return Object.fromEntries(
    Array.from(answered, ([name, { data }]) => [name, Array.from(data as ArrayLike<number | bigint>, Number)]),
  ) as Record<string, number[]>;
}
