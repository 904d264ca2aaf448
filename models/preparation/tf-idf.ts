import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import type { ColumnPlan, Header, Values } from './column-plan.ts';
import { positionsOf } from './step-columns.ts';

/**
 * One column a word: how often it is in the text, times how rare it was in training, each row of Euclidean length 1.
 * As scikit-learn's TfidfVectorizer: lower case, words of two characters and more.
 */
export const TfIdf = Type.Object(
  {
    step: Type.Literal('tf-idf'),
    column: Type.String(),
    vocabulary: Type.Array(Type.String(), { minItems: 1 }),
    idf: Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1 }),
  },
  { additionalProperties: false },
);
export type TfIdf = Static<typeof TfIdf>;

/** The words of a text: runs of two and more letters, digits and underscores, in lower case. */
export const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}\p{M}_]{2,}/gu) ?? [];

/** @throws ModelFileRefused where the step does not fit its column */
export function planTfIdf({ column, vocabulary, idf }: TfIdf, headers: readonly Header[], where: string): ColumnPlan {
  const [position] = positionsOf(headers, [column], 'text', where) as [number];
  if (idf.length !== vocabulary.length) {
    throw new ModelFileRefused({
      where: `${where}.idf`,
      rule: `must hold ${vocabulary.length}, one a word`,
      found: idf,
    });
  }
  const codes = new Map(vocabulary.map((word, code) => [word, code]));
  const { origin } = headers[position] as Header;
  return {
    headers: [
      ...headers.toSpliced(position, 1),
      ...vocabulary.map((word): Header => ({ name: `${column}:${word}`, type: 'number', origin })),
    ],
    apply: (columns, count) => [
      ...columns.toSpliced(position, 1),
      ...weigh(columns[position] as readonly (string | null)[], count, codes, idf),
    ],
  };
}

function weigh(
  texts: readonly (string | null)[],
  count: number,
  codes: ReadonlyMap<string, number>,
  idf: readonly number[],
): Values[] {
  const columns = idf.map(() => new Float64Array(count));
  for (let row = 0; row < count; row++) {
    const found = new Map<number, number>();
    for (const word of wordsIn(texts[row] ?? '')) {
      const code = codes.get(word);
      if (code !== undefined) found.set(code, (found.get(code) ?? 0) + 1);
    }
    let squares = 0;
    for (const [code, times] of found) squares += (times * (idf[code] as number)) ** 2;
    const length = Math.sqrt(squares);
    for (const [code, times] of found) (columns[code] as Float64Array)[row] = (times * (idf[code] as number)) / length;
  }
  return columns;
}
