import type { Trial } from '../../adapters/meter/meter.ts';
import { layout } from '../../adapters/registry/layout.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { Canary, Channel } from '../../models/channel.ts';
import { ModelNotFound, VersionNotFound } from '../../models/errors.ts';
import { route } from '../../models/release.ts';
import type { Caller } from '../http/caller.ts';
import { type Channels, isInSight } from '../http/sight.ts';

/** The version that answers a call, and what is still to be awaited before the answer leaves. */
export interface Target {
  readonly model: string;
  readonly version: number;
  readonly channel: 'stable' | 'canary' | 'pinned';
  readonly stale: boolean;
  /** The lowest version that is alive: nothing below it may answer. */
  readonly first: number;
  readonly beside: Promise<void> | undefined;
  /** Where a canary is open, and this request is one of those that it is judged by. */
  readonly trial?: Trial;
  /** The version that is to see a copy of this request. */
  readonly shadow?: NonNullable<Channel['shadow']>;
}

export interface Wish {
  readonly model: string;
  /** A version that the caller insists on. */
  readonly version?: string | undefined;
  readonly caller: Caller;
  /** In [0, 1): where among the channel's weights this request falls, unless its caller stays with a version. */
  readonly point: number;
  /** The caller's word by which it stays with a version. */
  readonly sticky?: string | undefined;
}

/** @throws ModelNotFound also for models outside the caller's patterns; VersionNotFound */
export async function resolve(channels: Channels, wish: Wish): Promise<Target> {
  const { model, version, caller, point, sticky } = wish;
  if (!isInSight(model, caller.models)) throw new ModelNotFound(model);
  const { value: channel, stale, beside } = await channels(layout.channel(model));
  try {
    const stays = channel?.canary && sticky ? stickyPoint(channel.canary, model, sticky) : undefined;
    const routed = channel && route(channel, stays ?? point);
    if (routed === undefined) throw new ModelNotFound(model);
    const { first, canary, shadow } = channel as Channel;
    if (version === undefined) {
      const trial = canary && trialOf(canary, routed.channel, stays);
      const copied = routed.channel === 'stable' && shadow;
      return { model, ...routed, stale, first, beside, ...(trial && { trial }), ...(copied && { shadow: copied }) };
    }
    return { model, version: pinned(model, version, first), channel: 'pinned', stale, first, beside };
  } catch (refusal) {
    await beside;
    throw refusal;
  }
}

/** The same caller is on the same side as long as a canary is open, and draws anew for the next one. */
const stickyPoint = ({ version, since }: Canary, model: string, sticky: string): number =>
  Number.parseInt(sha256(`${model}\n${version}\n${since}\n${sticky}`).slice(0, 12), 16) / 2 ** 48;

const trialOf = ({ since }: Canary, side: Trial['side'], stays: number | undefined): Trial => ({
  side,
  since,
  ...(stays !== undefined && { caller: stays }),
});

function pinned(model: string, stated: string, first: number): number {
  const version = /^[1-9]\d{0,14}$/.test(stated) ? Number(stated) : 0;
  if (version < first) throw new VersionNotFound(model, stated);
  return version;
}
