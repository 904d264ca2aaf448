import { parseTable } from '../adapters/table/read-table.ts';
import type { Card } from '../models/card.ts';
import type { Examples } from '../models/examples.ts';
import type { Recipe } from '../models/learning/recipe.ts';
import { readIndices } from '../models/learning/split.ts';
import { type Trained, train } from '../models/learning/train.ts';
import { type BuiltExample, fileBeside, jsonFile } from './example.ts';

/** What `modeldrop train` would be told, and what only a person can say of it. */
export interface Lesson {
  readonly name: string;
  readonly table: string;
  /** Index files of the rows to learn from and to test with; without them the recipe splits. */
  readonly rows?: { readonly train: string; readonly test: string };
  readonly recipe: Recipe;
  readonly card: Pick<Card, 'intendedUse' | 'limits'> & { readonly data: string; readonly license: string };
  readonly summary: (trained: Trained) => string;
}

/** Learns from a table as `modeldrop train` does: same rows, same recipe, same model. */
export async function learnFrom(program: string, { table: file, rows, recipe }: Lesson): Promise<Trained> {
  const table = await parseTable(await fileBeside(program, file));
  const indices = async (name: string) => readIndices(await fileBeside(program, name), table.frame.count);
  const chosen = rows ? { train: await indices(rows.train), test: await indices(rows.test) } : {};
  return train(table, recipe, chosen, { now: () => performance.now(), onProgress: () => {} });
}

/** A model file with its card, and what an independent implementation answers: the model must too, before it is served. */
export async function buildLearned(program: string, lesson: Lesson): Promise<BuiltExample> {
  const [trained, reference] = [await learnFrom(program, lesson), await fileBeside(program, 'reference.json')];
  const { golden } = JSON.parse(new TextDecoder().decode(reference.bytes)) as { golden: Examples };
  const { examples: _, card, ...model } = trained.model;
  const { intendedUse, limits, data: name, license } = lesson.card;
  const described = { ...card, intendedUse, limits, ...(card?.data && { data: { ...card.data, name, license } }) };
  return {
    name: lesson.name,
    files: [jsonFile('model.json', { ...model, card: described }), jsonFile('examples.json', golden)],
    summary: lesson.summary(trained),
  };
}
