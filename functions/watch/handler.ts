import type { Schedule } from '../../adapters/aws/event-rule.ts';
import { listChannels, readChannel } from '../../adapters/registry/channels.ts';
import { readCounts } from '../../adapters/registry/counts.ts';
import { nameIn } from '../../adapters/registry/layout.ts';
import { newLedger, talliesOf } from '../../models/watch/ledger.ts';
import { framesOf, type Log } from '../http/log.ts';
import { watchCanary } from './canary.ts';
import { driftFigure } from './drift-metric.ts';
import { type GatherPorts, gather } from './gather.ts';

/** Why the function is called: a channel was moved, a minute went by while canaries are open, an hour went by. */
export type Look =
  | { readonly look: 'moved'; readonly key: string }
  | { readonly look: 'minute' }
  | { readonly look: 'hour' };

export interface WatchFunctionPorts extends GatherPorts {
  /** Every minute, while a canary is open. */
  readonly minutes: Schedule;
  /** One figure a model. */
  readonly drift: (model: string, figure: number) => void;
  readonly logger: Log;
}

/** Judges canaries while they are open, and every hour tells what has become of the inputs. Safe to repeat. */
export function watchFunction(ports: WatchFunctionPorts): (look: Look) => Promise<void> {
  const { registry, minutes, drift } = ports;

  return async (look) => {
    if (look.look === 'moved') {
      if (await isOpen(ports, nameIn(look.key))) await minutes.on();
      return;
    }
    await gather(ports);
    const models = await listChannels(registry);
    const open = await judgeAll(ports, models);
    if (look.look === 'hour')
      await eachModel(ports, models, async (model) => tell(drift, model, await driftFigure(registry, model)));
    if (open) return minutes.on();
    await minutes.off();
    // One that was opened since it was looked for has switched on what is off now.
    for (const model of models) if (await isOpen(ports, model)) return minutes.on();
  };
}

const tell = (drift: WatchFunctionPorts['drift'], model: string, figure: number | undefined): void => {
  if (figure !== undefined) drift(model, figure);
};

const isOpen = async ({ registry }: WatchFunctionPorts, model: string): Promise<boolean> =>
  (await readChannel(registry, model))?.canary !== undefined;

/** Whether any canary is still open, or could not be judged. */
async function judgeAll(ports: WatchFunctionPorts, models: readonly string[]): Promise<boolean> {
  const { registry, now } = ports;
  const trial = async ({ model }: { readonly model: string }, { since }: { readonly since: string }) => {
    const ledger = (await readCounts(registry, model))?.trial;
    return talliesOf(ledger?.since === since ? ledger : newLedger(since));
  };
  let open = false;
  const failed = await eachModel(ports, models, async (model) => {
    open = (await watchCanary({ registry, now, trial }, model)) || open;
  });
  return open || failed;
}

/** One model that fails keeps no other from its turn. @returns whether one failed */
async function eachModel(
  { logger }: WatchFunctionPorts,
  models: readonly string[],
  work: (model: string) => Promise<void>,
): Promise<boolean> {
  let failed = false;
  for (const model of models) {
    try {
      await work(model);
    } catch (error) {
      failed = true;
      logger.error('watch failed', { model, error: (error as Error).name, frames: framesOf(error) });
    }
  }
  return failed;
}
