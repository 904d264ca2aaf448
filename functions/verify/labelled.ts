import { readCsvTable } from '../../adapters/table/read-csv-table.ts';
import { sourceOfBytes } from '../../adapters/table/table-source.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import type { Frame } from '../../models/frame.ts';
import { chooseTarget } from '../../models/learning/target.ts';
import { LABELLED_FILE } from '../http/inbox.ts';

/** Rows whose truth is known. */
export interface Labelled {
  readonly table: Frame;
  readonly target: string;
}

/** What is judged within a verification's time: a sample as large as this says as much as all of it. */
const MOST_ROWS = 100_000;
const MOST_BYTES = 64 * 1024 * 1024;
const SAMPLE = 'a random sample of fewer rows says as much';

/**
 * The companion `labelled.csv`; undefined where it says nothing. The truth is in the column that `drop.json` names, or
 * that the model's card names, or in the only one with a customary name.
 * @throws ModelFileRefused, TableRefused, TrainingRefused
 */
export async function readLabelled(
  bytes: Uint8Array,
  content: Inspection['content'],
  stated: string | undefined,
): Promise<Labelled | undefined> {
  if (bytes.length <= 2 && new TextDecoder().decode(bytes).trim() === '') return undefined;
  if (bytes.length > MOST_BYTES) {
    throw new ModelFileRefused({
      where: LABELLED_FILE,
      rule: `must take at most ${MOST_BYTES / 1024 / 1024} MB: ${SAMPLE}`,
      found: bytes.length,
    });
  }
  const table = await readCsvTable(sourceOfBytes({ name: LABELLED_FILE, bytes }), content.types);
  if (table.count > MOST_ROWS) {
    const rule = `must hold at most ${MOST_ROWS} rows: ${SAMPLE}`;
    throw new ModelFileRefused({ where: LABELLED_FILE, rule, found: table.count });
  }
  return { table, target: within(() => chooseTarget(table, stated ?? ofCard(content, table)).name) };
}

const ofCard = ({ card }: Inspection['content'], { columns }: Frame): string | undefined =>
  columns.some(({ name }) => name === card?.target) ? card?.target : undefined;

/** Says which file a refusal is about. */
export function within<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ModeldropError)
      throw new ModelFileRefused({ where: `${LABELLED_FILE}:`, rule: error.message });
    throw error;
  }
}
