import type { Store } from '../store/store.ts';
import { readDocument, writeDocument } from './document.ts';
import { layout } from './layout.ts';

export type DropState = 'received' | 'verifying' | 'provisioning' | 'published' | 'released' | 'refused';

/** What became of one dropped file. */
export interface Drop {
  readonly id: string;
  readonly model: string;
  readonly file: string;
  readonly state: DropState;
  readonly updatedAt: string;
  readonly version?: number;
  /** Why it was refused, and how to mend it. */
  readonly error?: string;
}

export async function writeDrop(store: Store, drop: Drop): Promise<void> {
  const path = layout.drop(drop.model, drop.id);
  for (;;) {
    const current = await readDocument<Drop>(store, path);
    if (await writeDocument(store, path, drop, current?.etag)) return;
  }
}

export const readDrop = async (store: Store, model: string, id: string): Promise<Drop | undefined> =>
  (await readDocument<Drop>(store, layout.drop(model, id)))?.value;

/** Newest first. */
export async function listDrops(store: Store, model: string): Promise<Drop[]> {
  const documents = await Promise.all(
    (await store.list(layout.drops(model))).map((path) => readDocument<Drop>(store, path)),
  );
  const drops = documents.flatMap((document) => (document ? [document.value] : []));
  return drops.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
}
