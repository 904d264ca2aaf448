import { layout } from '../../adapters/registry/layout.ts';
import type { Channel } from '../../models/channel.ts';
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
}

export interface Wish {
  readonly model: string;
  /** A version that the caller insists on. */
  readonly version?: string | undefined;
  readonly caller: Caller;
  /** In [0, 1): where among the channel's weights this request falls. */
  readonly point: number;
}

/** @throws ModelNotFound also for models outside the caller's patterns; VersionNotFound */
export async function resolve(channels: Channels, wish: Wish): Promise<Target> {
  const { model, version, caller, point } = wish;
  if (!isInSight(model, caller.models)) throw new ModelNotFound(model);
  const { value: channel, stale, beside } = await channels(layout.channel(model));
  try {
    const routed = channel && route(channel, point);
    if (routed === undefined) throw new ModelNotFound(model);
    const { first } = channel as Channel;
    if (version === undefined) return { model, ...routed, stale, first, beside };
    return { model, version: pinned(model, version, first), channel: 'pinned', stale, first, beside };
  } catch (refusal) {
    await beside;
    throw refusal;
  }
}

function pinned(model: string, stated: string, first: number): number {
  const version = /^[1-9]\d{0,14}$/.test(stated) ? Number(stated) : 0;
  if (version < first) throw new VersionNotFound(model, stated);
  return version;
}
