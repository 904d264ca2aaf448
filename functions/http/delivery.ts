import type { NamedBytes } from '../../adapters/registry/versions.ts';
import { checkPath } from '../../adapters/store/path.ts';
import type { Store, Stored } from '../../adapters/store/store.ts';
import {
  COMPANIONS,
  DROP_FILE,
  EXAMPLES_FILE,
  inboxKey,
  isRange,
  isTensorData,
  type Place,
  parseInboxKey,
  plainName,
  trainedFile,
  trainedFrom,
} from './inbox.ts';

/** An object of the inbox as it was read. */
export interface Landed {
  readonly key: string;
  readonly name: string;
  readonly stored: Stored;
}

/** A model file and the companions that are there with it. */
export interface Delivery {
  readonly model: string;
  readonly file: string;
  /** The model file first. */
  readonly objects: readonly [Landed, ...Landed[]];
}

/** Undefined where there is nothing, or no file of a model. */
export async function readDelivery(inbox: Store, key: string): Promise<Delivery | undefined> {
  const place = parseInboxKey(key);
  if (place === undefined || !isStorable(key)) return undefined;
  const { model, file } = place;
  const stored = await inbox.read(key);
  if (stored === undefined) return undefined;
  return { model, file, objects: [{ key, name: file, stored }, ...(await companionsOf(inbox, place))] };
}

export const filesOf = ({ objects }: Delivery): NamedBytes[] =>
  objects.map(({ name, stored }) => ({ name, bytes: stored.bytes }));

/** Only what was read goes: bytes that landed since are another drop. */
export async function takeAway(inbox: Store, { objects }: Delivery): Promise<void> {
  for (const { key, stored } of objects) await inbox.delete(key, stored.etag);
}

/** Whether an inbox can hold such a key at all: events may speak of keys that no store takes. */
export function isStorable(key: string): boolean {
  try {
    checkPath(key);
    return true;
  } catch {
    return false;
  }
}

async function companionsOf(inbox: Store, { model, file }: Place): Promise<Landed[]> {
  const id = trainedFrom(file);
  // What lies beside it under its plain name was said of the table.
  if (id !== undefined) return present(inbox, model, file.endsWith('.onnx') ? learnedCompanions(id) : []);
  const siblings = (await inbox.list(inboxKey(model, ''))).map((key) => parseInboxKey(key)?.file ?? '');
  return present(inbox, model, [...COMPANIONS, ...siblings.filter((name) => isRange(name) || isTensorData(name))]);
}

const learnedCompanions = (id: string): string[] => [DROP_FILE, EXAMPLES_FILE].map((name) => trainedFile(id, name));

/** Those of these files that are there. */
async function present(inbox: Store, model: string, files: readonly string[]): Promise<Landed[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const key = inboxKey(model, file);
      const stored = isStorable(key) ? await inbox.read(key) : undefined;
      return stored && { key, name: plainName(file), stored };
    }),
  );
  return found.filter((companion) => companion !== undefined);
}
