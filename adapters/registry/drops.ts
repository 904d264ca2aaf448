import type { Rehearsal } from '../../models/rehearsal.ts';
import type { Store } from '../store/store.ts';
import { readDocument, writeDocument } from './document.ts';
import { layout } from './layout.ts';

export type DropState = 'received' | 'verifying' | 'provisioning' | 'published' | 'released' | 'refused';

/** Which requests see a version. */
export type ServesAs = 'stable' | 'canary' | 'shadow' | 'none';

/** What became of one dropped file. */
export interface Drop {
  readonly id: string;
  readonly model: string;
  readonly file: string;
  readonly state: DropState;
  readonly updatedAt: string;
  /** When it was first taken up; a take that went on from where another one ended keeps it. */
  readonly since: string;
  readonly version?: number;
  /** Once that is decided. A version that serves `none` stays published, until somebody releases it. */
  readonly servesAs?: ServesAs;
  /** What is served otherwise than the file says. */
  readonly notes?: readonly string[];
  /** What its verification has seen. */
  readonly rehearsal?: Rehearsal;
  /** What it is provided with, while it is. */
  readonly waitsFor?: string;
  /** Why it was refused, and how to mend it. */
  readonly error?: string;
}

/**
 * When the work on a drop began that is not finished yet, or `now` where there is none: a message that comes again goes on
 * with what its first take began.
 */
export async function dropSince(store: Store, model: string, id: string, now: string): Promise<string> {
  const known = await readDrop(store, model, id);
  return known === undefined || isFinal(known) ? now : known.since;
}

/**
 * An event comes more than once, and two takers may be at work: what one of them has finished since the drop was taken
 * up is not unfinished by the other.
 */
export async function writeDrop(store: Store, drop: Drop): Promise<void> {
  const path = layout.drop(drop.model, drop.id);
  for (;;) {
    const current = await readDocument<Drop>(store, path);
    if (current !== undefined && !isFinal(drop) && isFinal(current.value) && current.value.updatedAt >= drop.since)
      return;
    if (await writeDocument(store, path, drop, current?.etag)) return;
  }
}

const isFinal = ({ state, servesAs }: Drop): boolean =>
  state === 'released' || state === 'refused' || servesAs === 'none';

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
