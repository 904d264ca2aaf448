import * as Type from 'typebox';
import { MalformedRequest } from '../../../models/errors.ts';
import type { Explanation, Wanted } from '../../../models/explanation.ts';

/** How a request asks for explanations. */
export const ExplainParameter = Type.Union([Type.Boolean(), Type.Literal('all')], {
  description: 'Explain each row: its predicted class, or all.',
});

/** @throws MalformedRequest naming the parameter */
export function wantedOf(stated: unknown, where: string): Wanted | undefined {
  if (stated === undefined || stated === false) return undefined;
  if (stated === true) return 'predicted';
  if (stated === 'all') return 'all';
  throw new MalformedRequest({ where, rule: 'must be true, false or "all"', found: stated });
}

/** As answers carry them: one explanation a row, or a list a row where there are several. */
export const shown = (explanations: readonly (readonly Explanation[])[]): unknown[] =>
  explanations.map((row) => (row.length === 1 ? row[0] : row));
