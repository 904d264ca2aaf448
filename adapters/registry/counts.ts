import { type Counts, noCounts } from '../../models/watch/counts.ts';
import type { Store } from '../store/store.ts';
import { readDocument, writeDocument } from './document.ts';
import { layout } from './layout.ts';

export const readCounts = async (store: Store, model: string): Promise<Counts | undefined> =>
  (await readDocument<Counts>(store, layout.counts(model)))?.value;

/** Changes what was counted of a model, by one conditional write; decided anew where another writer was first. */
export async function changeCounts(store: Store, model: string, change: (counts: Counts) => Counts): Promise<Counts> {
  const path = layout.counts(model);
  for (;;) {
    const current = await readDocument<Counts>(store, path);
    const next = change(current?.value ?? noCounts(model));
    if (next === current?.value || (await writeDocument(store, path, next, current?.etag))) return next;
  }
}
