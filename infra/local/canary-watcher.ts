import { setTimeout as sleep } from 'node:timers/promises';
import { listChannels } from '../../adapters/registry/channels.ts';
import { type WatchPorts, watchCanary } from '../../functions/watch/canary.ts';

export interface CanaryWatcher {
  close(): Promise<void>;
}

const EVERY_MS = 5_000;

/** Looks at every open canary, again and again: what a schedule does on AWS. */
export function watchCanaries(ports: WatchPorts, failed: (model: string) => void, everyMs = EVERY_MS): CanaryWatcher {
  const ending = new AbortController();

  const round = async (): Promise<void> => {
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
    },
  };
}
