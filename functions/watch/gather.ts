import type { ReadLog } from '../../adapters/aws/read-log.ts';
import { readChannel } from '../../adapters/registry/channels.ts';
import { changeCounts } from '../../adapters/registry/counts.ts';
import { readDocument, writeDocument } from '../../adapters/registry/document.ts';
import { layout } from '../../adapters/registry/layout.ts';
import type { Store } from '../../adapters/store/store.ts';
import { whileServing } from '../../models/watch/counts.ts';
import { type Logged, parseLogged, withLogged } from '../../models/watch/log-counts.ts';

export interface GatherPorts {
  readonly registry: Store;
  readonly log: ReadLog;
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
/** Lines arrive late: younger ones are left for the next time. */
const SETTLED_AFTER_MS = 3 * MINUTE_MS;
/** At once: what a busy log says in that time fits into memory. */
const STRETCH_MS = 10 * MINUTE_MS;
/** Where nobody has read yet. */
const FIRST_STRETCH_MS = 60 * MINUTE_MS;

/**
 * Reads on in the log of the predictions, and adds what they counted to what the registry keeps. Safe to repeat and to
 * run twice at once: each model's counts know up to when they go.
 */
export async function gather({ registry, log, now }: GatherPorts): Promise<void> {
  const end = Math.floor((now() - SETTLED_AFTER_MS) / MINUTE_MS) * MINUTE_MS;
  const mark = await readDocument<{ readonly upTo: number }>(registry, layout.logMark);
  for (let from = mark?.value.upTo ?? end - FIRST_STRETCH_MS; from < end; from += STRETCH_MS) {
    const to = Math.min(end, from + STRETCH_MS);
    for (const [model, lines] of await linesIn(log, from, to)) await keep(registry, model, lines, to);
    const current = await readDocument<{ readonly upTo: number }>(registry, layout.logMark);
    if ((current?.value.upTo ?? 0) < to) await writeDocument(registry, layout.logMark, { upTo: to }, current?.etag);
  }
}

async function linesIn(log: ReadLog, from: number, to: number): Promise<Map<string, Logged[]>> {
  const lines: Logged[] = [];
  for await (const page of log(from, to)) {
    for (const { timestamp, message } of page) {
      const logged = parseLogged(timestamp, message);
      if (logged !== undefined) lines.push(logged);
    }
  }
  return Map.groupBy(lines, ({ line }) => line.model);
}

async function keep(registry: Store, model: string, lines: readonly Logged[], to: number): Promise<void> {
  const channel = await readChannel(registry, model);
  if (channel?.stable === undefined) return;
  await changeCounts(registry, model, (counts) => {
    const next = withLogged(counts, lines, to, channel.canary);
    return next === counts ? counts : whileServing(next, channel);
  });
}
