import { readChannel } from '../../adapters/registry/channels.ts';
import { changeCounts } from '../../adapters/registry/counts.ts';
import type { Store } from '../../adapters/store/store.ts';
import { type CountLine, dayOf, whileServing, withLine } from '../../models/watch/counts.ts';

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
