import { moveChannel } from '../../adapters/registry/channels.ts';
import { listVersions, type NamedBytes, publish } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { inspect } from '../../models/formats/inspect.ts';
import type { Manifest } from '../../models/manifest.ts';
import { release } from '../../models/release.ts';
import { DROP_FILE, EXAMPLES_FILE, readDropFile } from './drop-file.ts';
import { replayGolden } from './golden.ts';

export interface Delivery {
  readonly model: string;
  readonly file: NamedBytes;
  /** `drop.json` and `examples.json`, where they are there. */
  readonly companions: readonly NamedBytes[];
  readonly by: string;
  readonly at: string;
  readonly signal: AbortSignal;
}

/** How often a release is decided anew after another one was first. */
const TRIES = 10;

/** Inspects, proves and publishes a delivered model. @throws ModelFileRefused */
export async function accept(registry: Store, delivery: Delivery): Promise<Manifest> {
  const { model, file, companions, by, at, signal } = delivery;
  const bytesOf = (name: string) => companions.find((companion) => companion.name === name)?.bytes;
  const [examples, declaration] = [bytesOf(EXAMPLES_FILE), bytesOf(DROP_FILE)];
  const inspection = await refusing(file, async () => {
    const found = inspect(file, {
      ...(examples && { examples }),
      ...(declaration && { declared: readDropFile(declaration) }),
    });
    await replayGolden(found, signal);
    return found;
  });
  return publish(registry, { model, content: inspection.content, files: [file, ...companions], by, at });
}

/** Whatever breaks while a file is read and proved would break again: its owner gets a report, not a retry. */
async function refusing<T>({ name }: NamedBytes, prove: () => Promise<T>): Promise<T> {
  try {
    return await prove();
  } catch (cause) {
    if (cause instanceof ModeldropError) throw cause;
    throw new ModelFileRefused({ where: name, rule: 'broke its reader or took too long to prove' }, { cause });
  }
}

/** Puts a published version into service at once. */
export async function releaseDirect(
  registry: Store,
  { model, version }: Manifest,
  by: string,
  at: string,
): Promise<void> {
  const versions = await listVersions(registry, model);
  await moveChannel(
    registry,
    model,
    (channel) => release(channel, { stable: version }, { model, versions, by, at }),
    TRIES,
  );
}
