import type { Channel } from '../../models/channel.ts';
import { ModeldropError } from '../../models/errors.ts';
import type { Store } from '../store/store.ts';
import { readDocument, writeDocument } from './document.ts';
import { layout, nameIn } from './layout.ts';

/** Somebody else moved the channel first. */
export class ReleaseConflict extends ModeldropError {
  override readonly name = 'ReleaseConflict';
  readonly status = 409;
  constructor(model: string, winner: Channel['history'][number] | undefined) {
    const who = winner
      ? `${winner.by} (${winner.action}, stable ${winner.stable ?? 'none'}, ${winner.at})`
      : 'somebody';
    super(`${who} moved model "${model}" first; look at what is served now and ask again`, { model, winner });
  }
}

export const readChannel = async (store: Store, model: string): Promise<Channel | undefined> =>
  (await readDocument<Channel>(store, layout.channel(model)))?.value;

/**
 * Moves a model's channel by one conditional write.
 * @param decide the next channel from the present one; the same one, or none, where nothing is to be done
 * @param tries how often to decide anew after another writer was first
 * @throws ReleaseConflict that names the winner
 */
export async function moveChannel<Next extends Channel | undefined>(
  store: Store,
  model: string,
  decide: (channel: Channel | undefined) => Next | Promise<Next>,
  tries = 1,
): Promise<Next> {
  const path = layout.channel(model);
  for (let attempt = 0; attempt < tries; attempt++) {
    const current = await readDocument<Channel>(store, path);
    const next = await decide(current?.value);
    if (next === undefined || next === current?.value) return next;
    if (await writeDocument(store, path, next, current?.etag)) return next;
  }
  throw new ReleaseConflict(model, (await readChannel(store, model))?.history.at(-1));
}

/** The names of all models that were ever released, deleted ones included. */
export const listChannels = async (store: Store): Promise<string[]> => (await store.list(layout.channels)).map(nameIn);
