import * as Type from 'typebox';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { readJson } from '../../models/formats/text.ts';
import { checker } from '../../models/schema.ts';
import type { Delivery } from '../http/delivery.ts';
import { DROP_FILE, startsDrop } from '../http/inbox.ts';

/** How long a model file waits for the others of its drop. */
export const PATIENCE_MS = 60_000;

/** Files of the drop are still to come: its message comes again, and each of theirs looks whether all are there. */
export class StillToCome extends ModeldropError {
  override readonly name = 'StillToCome';
  readonly status = 503;
  constructor(model: string, file: string) {
    super(`"${file}" of model "${model}" is still to come`, { model, file });
  }
}

const check = checker(Type.Object({ files: Type.Array(Type.String()) }));

/** The files that a delivery's drop.json lists; none where it lists none, or is to be refused by its verification. */
export function listedFiles({ objects }: Delivery): readonly string[] {
  const found = objects.find(({ name }) => name === DROP_FILE);
  if (found === undefined) return [];
  try {
    const verdict = check(readJson({ name: DROP_FILE, bytes: found.stored.bytes }), DROP_FILE);
    return verdict.ok ? verdict.value.files : [];
  } catch (error) {
    if (error instanceof ModelFileRefused) return [];
    throw error;
  }
}

/** The first listed file that is not there. */
export const missingOf = (delivery: Delivery): string | undefined =>
  listedFiles(delivery).find((file) => !delivery.objects.some(({ name }) => name === file));

/**
 * @param waitedMs since the model file was first taken up
 * @throws StillToCome; ModelFileRefused where a listed file never came, or goes with no model file
 */
export function requireWhole(delivery: Delivery, waitedMs: number): void {
  const missing = missingOf(delivery);
  if (missing === undefined) return;
  const where = `${DROP_FILE}.files`;
  if (startsDrop(missing)) {
    const rule = 'must be the model file and what goes with it: drop.json, examples.json, labelled.csv, .range, .data';
    throw new ModelFileRefused({ where, rule, found: missing });
  }
  if (waitedMs < PATIENCE_MS) throw new StillToCome(delivery.model, missing);
  const rule = `must come within ${PATIENCE_MS / 1_000} s of the model file, and one never came: drop all of them again`;
  throw new ModelFileRefused({ where, rule, found: missing });
}
