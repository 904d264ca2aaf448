import { byCodePoint } from '../../code-point-order.ts';
import type { TextColumn } from '../../frame.ts';
import { type TfIdf, wordsIn } from '../../preparation/tf-idf.ts';
import { TrainingRefused } from '../training-refused.ts';

/** The words of the training rows that most rows have, at most so many. */
const LARGEST_VOCABULARY = 5_000;

/**
 * idf = ln((1 + n) / (1 + rows with the word)) + 1, as scikit-learn's with smooth_idf.
 * @throws TrainingRefused where there is no word
 */
export function fitTfIdf({ name, values }: TextColumn, largest = LARGEST_VOCABULARY): TfIdf {
  const rows = new Map<string, number>();
  for (const text of values) for (const word of new Set(wordsIn(text ?? ''))) rows.set(word, (rows.get(word) ?? 0) + 1);
  if (rows.size === 0) {
    throw new TrainingRefused({
      where: `column ${JSON.stringify(name)}`,
      rule: 'must hold words of two characters and more',
    });
  }
  const frequent = [...rows.keys()].sort(
    (a, b) => (rows.get(b) as number) - (rows.get(a) as number) || byCodePoint(a, b),
  );
  const vocabulary = frequent.slice(0, largest).sort(byCodePoint);
  const idf = vocabulary.map((word) => Math.log((1 + values.length) / (1 + (rows.get(word) as number))) + 1);
  return { step: 'tf-idf', column: name, vocabulary, idf };
}
