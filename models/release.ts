import type { Canary, Channel } from './channel.ts';
import { ReleaseRefused, VersionNotFound } from './errors.ts';
import type { ReleaseCommand } from './release-command.ts';
import { CANARY_TERMS, DIRECT, type ReleasePolicy } from './release-policy.ts';

/** Who asks, when and why, and which versions exist. */
export interface Occasion {
  readonly model: string;
  readonly versions: readonly number[];
  readonly by: string;
  readonly at: string;
  readonly why?: string | undefined;
}

const REMEMBERED = 100;

/**
 * The channel after a move that somebody asked for; the same channel where there is nothing to do.
 * @throws VersionNotFound for a version that does not exist; ReleaseRefused for a canary or shadow beside no stable
 * version, or of it
 */
export function release(channel: Channel | undefined, command: ReleaseCommand, occasion: Occasion): Channel {
  const current = channel ?? unreleased(occasion.model);
  const because = { ...occasion, why: command.why ?? occasion.why };
  if ('stable' in command) return releaseStable(current, command.stable, because);
  if ('canary' in command) return openCanary(current, command.canary, because);
  if ('shadow' in command) return changeShadow(current, command.shadow?.version, because);
  return recorded({ ...current, policy: command.policy }, 'policy', because);
}

/**
 * The channel after a version was published by a drop: by the drop's own policy, or else by the model's. The first
 * version of a model goes into service whatever the policy, unless it is manual.
 */
export function admit(
  channel: Channel | undefined,
  version: number,
  stated: ReleasePolicy | undefined,
  occasion: Occasion,
): Channel | undefined {
  const { mode, ...terms } = stated ?? channel?.policy ?? DIRECT;
  if (mode === 'manual') return channel;
  if (mode === 'direct' || channel?.stable === undefined) return release(channel, { stable: version }, occasion);
  if (channel.stable === version) return channel;
  if (mode === 'shadow') return release(channel, { shadow: { version } }, occasion);
  return release(channel, { canary: { ...CANARY_TERMS, ...terms, version } }, occasion);
}

/**
 * The channel after a canary was judged. The same channel where that canary is no longer open: a verdict that comes late
 * moves nothing.
 */
export function settle(channel: Channel, judged: Canary, verdict: 'promote' | 'withdraw', occasion: Occasion): Channel {
  if (!isOpen(channel, judged)) return channel;
  const { canary: _, ...rest } = channel;
  return verdict === 'withdraw'
    ? recorded(rest, 'rollback', occasion)
    : releaseStable(channel, judged.version, occasion, 'promote');
}

/** The channel with what was found of its canary; the same channel where that canary is no longer open. */
export function note(channel: Channel, canary: Canary, judged: NonNullable<Canary['judged']>): Channel {
  return isOpen(channel, canary) ? { ...channel, canary: { ...canary, judged } } : channel;
}

const isOpen = ({ canary }: Channel, { version, since }: Canary): boolean =>
  canary?.version === version && canary.since === since;

/**
 * The channel without its canary; without a canary, the channel with the stable version before.
 * @throws ReleaseRefused where there is nothing to go back to
 */
export function rollback(channel: Channel, occasion: Occasion): Channel {
  const { canary, ...rest } = channel;
  if (canary !== undefined) return recorded(rest, 'rollback', occasion);
  const stable = channel.previous.at(-1);
  if (stable === undefined) throw new ReleaseRefused(channel.model, 'there is no earlier version to go back to');
  const { shadow, ...bare } = rest;
  const kept = shadow && shadow.version !== stable ? { shadow } : {};
  return recorded({ ...bare, ...kept, stable, previous: channel.previous.slice(0, -1) }, 'rollback', occasion);
}

/** The tombstone that keeps the next number. */
export function erase(channel: Channel, occasion: Occasion): Channel {
  const { canary: _, stable: __, shadow: ___, ...rest } = channel;
  const next = Math.max(channel.next, ...occasion.versions.map((version) => version + 1));
  return recorded({ ...rest, previous: [], first: next, next }, 'delete', occasion);
}

/** The version that answers a request whose `point` in [0, 1) was drawn or hashed from its caller. */
export function route(
  { stable, canary }: Channel,
  point: number,
): { readonly version: number; readonly channel: 'stable' | 'canary' } | undefined {
  if (stable === undefined) return undefined;
  if (canary !== undefined && point * 100 < canary.weight) return { version: canary.version, channel: 'canary' };
  return { version: stable, channel: 'stable' };
}

const unreleased = (model: string): Channel => ({ schema: 1, model, previous: [], first: 1, next: 1, history: [] });

function releaseStable(channel: Channel, version: number, occasion: Occasion, action = 'release'): Channel {
  mustExist(version, channel, occasion);
  const { canary, stable, shadow, ...rest } = channel;
  if (stable === version && canary === undefined) return channel;
  const previous = stable === undefined || stable === version ? rest.previous : [...rest.previous, stable];
  const kept = shadow && shadow.version !== version ? { shadow } : {};
  return recorded({ ...rest, ...kept, stable: version, previous: previous.slice(-REMEMBERED) }, action, occasion);
}

function openCanary(channel: Channel, canary: Omit<Canary, 'since' | 'judged'>, occasion: Occasion): Channel {
  mustStandBeside(canary.version, 'canary', channel, occasion);
  const { shadow, ...rest } = channel;
  const kept = shadow && shadow.version !== canary.version ? { shadow } : {};
  return recorded({ ...rest, ...kept, canary: { ...canary, since: occasion.at } }, 'canary', occasion);
}

function changeShadow(channel: Channel, version: number | undefined, occasion: Occasion): Channel {
  const { shadow, ...rest } = channel;
  if (version === shadow?.version) return channel;
  if (version === undefined) return recorded(rest, 'shadow', occasion);
  mustStandBeside(version, 'shadow', channel, occasion);
  if (channel.canary?.version === version)
    throw new ReleaseRefused(channel.model, `version ${version} is the canary; it answers requests already`);
  return recorded({ ...rest, shadow: { version, since: occasion.at } }, 'shadow', occasion);
}

/** @throws VersionNotFound, ReleaseRefused */
function mustStandBeside(version: number, as: 'canary' | 'shadow', channel: Channel, occasion: Occasion): void {
  mustExist(version, channel, occasion);
  const { model, stable } = channel;
  if (stable === undefined)
    throw new ReleaseRefused(model, `a ${as} runs beside a stable version, and there is none; release one first`);
  if (stable === version) throw new ReleaseRefused(model, `version ${version} is the stable one already`);
}

/** The versions were listed before the channel was read: a deletion in between has the last word. */
function mustExist(version: number, { first }: Channel, { model, versions }: Occasion): void {
  if (version < first || !versions.includes(version)) throw new VersionNotFound(model, String(version));
}

function recorded(channel: Channel, action: string, { at, by, why, versions }: Occasion): Channel {
  const { stable, canary, shadow } = channel;
  const entry = {
    at,
    by,
    action,
    ...(why !== undefined && { why }),
    ...(stable !== undefined && { stable }),
    ...(canary !== undefined && { canary: canary.version }),
    ...(shadow !== undefined && { shadow: shadow.version }),
  };
  const next = Math.max(channel.next, ...versions.map((version) => version + 1));
  return { ...channel, next, history: [...channel.history, entry].slice(-REMEMBERED) };
}
