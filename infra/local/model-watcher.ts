import { setTimeout as sleep } from 'node:timers/promises';
import type { Counter } from '../../adapters/meter/counter.ts';
import { listChannels } from '../../adapters/registry/channels.ts';
import { type WatchPorts, watchCanary } from '../../functions/watch/canary.ts';
import { keepCounts } from '../../functions/watch/counted.ts';

export interface ModelWatcher {
  /** Keeps what was counted, and ends. */
  close(): Promise<void>;
}

export type ModelWatcherPorts = WatchPorts & { readonly counter: Counter };

const EVERY_MS = 5_000;

/** Keeps what was counted, and looks at every open canary, again and again: what a schedule does on AWS. */
export function watchModels(
  ports: ModelWatcherPorts,
  failed: (model: string) => void,
  everyMs = EVERY_MS,
): ModelWatcher {
  const ending = new AbortController();

  const keep = () => keepCounts(ports.registry, ports.counter.take(), ports.now());

  const round = async (): Promise<void> => {
    await keep();
    for (const model of await listChannels(ports.registry)) {
      try {
        await watchCanary(ports, model);
      } catch {
        failed(model);
      }
    }
  };

  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => {});
      if (!ending.signal.aborted) await round().catch(() => {});
    }
  };

  const running = loop();
  return {
    async close() {
      ending.abort();
      await running;
      await keep().catch(() => {});
    },
  };
}
