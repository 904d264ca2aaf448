import { moveChannel, readChannel } from '../../adapters/registry/channels.ts';
import { listVersions } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Canary, Channel } from '../../models/channel.ts';
import { note, settle } from '../../models/release.ts';
import { CANARY_TERMS } from '../../models/release-policy.ts';
import { type Evidence, judgeCanary, type Verdict } from '../../models/watch/canary-judge.ts';

export interface WatchPorts {
  readonly registry: Store;
  /** What was counted of both sides of a canary's trial. */
  readonly trial: (channel: Channel, canary: Canary) => Promise<Pick<Evidence, 'stable' | 'canary'>>;
  readonly now: () => number;
}

const BY = 'watch';
/** How often a verdict is tried again after another writer was first. */
const TRIES = 10;
const MINUTE_MS = 60_000;

/**
 * Judges a model's canary: promotes it, withdraws it, or notes why it is held. Safe to repeat, and at any time: a verdict
 * on a canary that is no longer open moves nothing.
 * @returns whether a canary is still open
 */
export async function watchCanary(ports: WatchPorts, model: string): Promise<boolean> {
  const channel = await readChannel(ports.registry, model);
  if (channel?.canary === undefined) return false;
  const { canary } = channel;
  const verdict = await judge(ports, channel, canary);
  const after = await carryOut(ports, channel, canary, verdict);
  return after.canary !== undefined;
}

async function judge({ trial, now }: WatchPorts, channel: Channel, canary: Canary): Promise<Verdict & Seen> {
  const tallies = await trial(channel, canary);
  const { looks = 0, seen = 0 } = canary.judged ?? {};
  const minutes = (now() - Date.parse(canary.since)) / MINUTE_MS;
  const verdict = judgeCanary({ ...tallies, minutes, looks, seen }, { ...CANARY_TERMS, ...canary });
  return {
    ...verdict,
    looks: verdict.tested ? looks + 1 : looks,
    seen: verdict.tested ? tallies.canary.attempts : seen,
  };
}

interface Seen {
  readonly looks: number;
  readonly seen: number;
}

async function carryOut(
  { registry, now }: WatchPorts,
  channel: Channel,
  canary: Canary,
  { verdict, why, looks, seen }: Verdict & Seen,
): Promise<Channel> {
  const { model } = channel;
  const at = new Date(now()).toISOString();
  if (verdict === 'hold') {
    if (canary.judged?.why === why && canary.judged.looks === looks) return channel;
    const noted = { at, why, looks, seen };
    return moveChannel(registry, model, (current) => (current ? note(current, canary, noted) : channel), TRIES);
  }
  const occasion = { model, versions: await listVersions(registry, model), by: BY, at, why };
  return moveChannel(
    registry,
    model,
    (current) => (current ? settle(current, canary, verdict, occasion) : channel),
    TRIES,
  );
}
