import { readChannel } from '../../adapters/registry/channels.ts';
import { changeCounts } from '../../adapters/registry/counts.ts';
import type { Store } from '../../adapters/store/store.ts';
import { type CountLine, type Counts, dayOf, whileServing, withLine } from '../../models/watch/counts.ts';
import type { Ledger } from '../../models/watch/ledger.ts';

/** Adds what processes have counted to what the registry keeps, model by model. */
export async function keepCounts(registry: Store, lines: readonly CountLine[], now: number): Promise<void> {
  for (const [model, counted] of Map.groupBy(lines, (line) => line.model)) {
    const channel = await readChannel(registry, model);
    if (channel?.stable === undefined) continue;
    await changeCounts(registry, model, (counts) =>
      whileServing(
        counted.reduce((sum, line) => withLine(sum, line, dayOf(now)), counts),
        channel,
      ),
    );
  }
}

/** Keeps what was counted of a canary's trial, for people to see, where no log brings it. */
export const keepTrial = (registry: Store, model: string, trial: Ledger): Promise<Counts> =>
  changeCounts(registry, model, (counts) => (isAsFar(counts.trial, trial) ? counts : { ...counts, trial }));

const isAsFar = (kept: Ledger | undefined, trial: Ledger): boolean =>
  kept?.since === trial.since &&
  (['stable', 'canary'] as const).every(
    (side) => kept[side].attempts === trial[side].attempts && kept[side].successes === trial[side].successes,
  );
