import { sha256 } from '../../adapters/registry/sha256.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import { type Inspection, inspect } from '../../models/formats/inspect.ts';
import type { Rehearsal } from '../../models/rehearsal.ts';
import { DROP_FILE, EXAMPLES_FILE, isRange, LABELLED_FILE } from '../http/inbox.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import type { VerifyReport, VerifyRequest } from '../http/verification.ts';
import { type DropDeclaration, readDropFile } from './drop-file.ts';
import { expand } from './expand.ts';
import { replayGolden } from './golden.ts';
import { readLabelled } from './labelled.ts';
import { rehearse } from './rehearse.ts';
import { type ServingModel, servingModel } from './serving-model.ts';

export interface VerifyPorts {
  /** Reads a URL that it was handed. It has no permission to read anything else. */
  readonly read: (url: string) => Promise<Uint8Array>;
  readonly log: Log;
}

export type VerifyHandler = (request: VerifyRequest) => Promise<VerifyReport>;

/** Inspects a dropped model and replays its golden examples. It may do nothing else, so that a hostile file can't either. */
export function verifyFunction({ read, log }: VerifyPorts): VerifyHandler {
  return async ({ files, serving }) => {
    const [model, ...companions] = await Promise.all(
      files.map(async ({ name, url }) => ({ name, bytes: await read(url) })),
    );
    if (model === undefined) throw new TypeError('a verification needs a model file');
    try {
      const before = serving && (await servingModel(read, serving));
      const { content, rehearsal, release } = await prove(model, companions, before);
      const hashes = [model, ...companions].map(({ bytes }) => sha256(bytes));
      return { ok: true, content, sha256: hashes, rehearsal, ...(release && { release }) };
    } catch (error) {
      if (!(error instanceof ModeldropError)) {
        observing(() => log.error('broken reader', { error: (error as Error).name, frames: framesOf(error) }));
      }
      return { ok: false, error: refusalOf(error, model) };
    }
  };
}

type Proved = Pick<Inspection, 'content'> & Pick<DropDeclaration, 'release'> & { readonly rehearsal: Rehearsal };

async function prove(
  file: ModelFile,
  companions: readonly ModelFile[],
  serving: ServingModel | undefined,
): Promise<Proved> {
  const bytesOf = (name: string) => companions.find((companion) => companion.name === name)?.bytes;
  const [examples, stated, labels] = [bytesOf(EXAMPLES_FILE), bytesOf(DROP_FILE), bytesOf(LABELLED_FILE)];
  const { declared, release, target }: DropDeclaration = stated ? readDropFile(stated) : { declared: {} };
  const range = rangeOf(companions);
  const inspection = inspect(expand(file), {
    declared: { ...declared, ...(range && { range }) },
    ...(examples && { examples }),
  });
  await replayGolden(inspection);
  const labelled = labels && (await readLabelled(labels, inspection.model, target));
  const rehearsal = await rehearse(inspection, { serving, labelled });
  return { content: inspection.content, rehearsal, ...(release && { release }) };
}

/** An empty one is of a push that was broken off. @throws ModelFileRefused where it is not clear which */
function rangeOf(companions: readonly ModelFile[]): ModelFile | undefined {
  const [range, another] = companions.filter(({ name, bytes }) => isRange(name) && bytes.length > 0);
  if (another === undefined) return range;
  throw new ModelFileRefused({
    where: another.name,
    rule: `must be the only .range file; ${range?.name} is there too`,
  });
}

/** Whatever breaks while a file is read and proved would break again: its owner gets a reason, not a retry. */
const refusalOf = (error: unknown, { name }: ModelFile): string =>
  error instanceof ModeldropError
    ? error.message
    : new ModelFileRefused({ where: name, rule: 'broke its reader; it can not be served as it is' }).message;
