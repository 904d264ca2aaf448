import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ReleaseRefused, VersionNotFound } from './errors.ts';

const Version = Type.Integer({ minimum: 1 });

const Canary = Type.Object(
  {
    version: Version,
    weight: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 100, description: 'Percent of the requests.' }),
    since: Type.String(),
  },
  { additionalProperties: false },
);

const Entry = Type.Object({
  at: Type.String(),
  by: Type.String(),
  action: Type.String(),
  stable: Type.Optional(Version),
  canary: Type.Optional(Version),
});

/** Which versions of a model are in service: the one pointer that every request follows. */
export const Channel = Type.Object(
  {
    schema: Type.Literal(1),
    model: Type.String(),
    /** Absent once the model is deleted. */
    stable: Type.Optional(Version),
    canary: Type.Optional(Canary),
    /** Stable versions before this one, newest last: the way back of a rollback. */
    previous: Type.Array(Version),
    /** The lowest number still alive; deletion raises it, and what is below is never served again. */
    first: Version,
    /** No version below this number will be published again. */
    next: Version,
    history: Type.Array(Entry),
  },
  { additionalProperties: false },
);
export type Channel = Static<typeof Channel>;

export const StableCommand = Type.Object({ stable: Version }, { additionalProperties: false });

export const CanaryCommand = Type.Object(
  { canary: Type.Omit(Canary, ['since'], { additionalProperties: false }) },
  { additionalProperties: false },
);

/** What the control API takes. */
export const ReleaseCommand = Type.Union([StableCommand, CanaryCommand]);
export type ReleaseCommand = Static<typeof ReleaseCommand>;

/** Who asks, when, and which versions exist. */
export interface Occasion {
  readonly model: string;
  readonly versions: readonly number[];
  readonly by: string;
  readonly at: string;
}

const REMEMBERED = 100;

/**
 * The channel after a release.
 * @throws VersionNotFound for a version that does not exist; ReleaseRefused for a canary beside no stable version, or of it
 */
export function release(channel: Channel | undefined, command: ReleaseCommand, occasion: Occasion): Channel {
  const current = channel ?? unreleased(occasion.model);
  if ('stable' in command) return releaseStable(current, command.stable, occasion);
  return openCanary(current, command.canary, occasion);
}

/**
 * The channel without its canary; without a canary, the channel with the stable version before.
 * @throws ReleaseRefused where there is nothing to go back to
 */
export function rollback(channel: Channel, occasion: Occasion): Channel {
  const { canary, ...rest } = channel;
  if (canary !== undefined) return recorded(rest, 'rollback', occasion);
  const stable = channel.previous.at(-1);
  if (stable === undefined) throw new ReleaseRefused(channel.model, 'there is no earlier version to go back to');
  return recorded({ ...rest, stable, previous: channel.previous.slice(0, -1) }, 'rollback', occasion);
}

/** The tombstone that keeps the next number. */
export function erase(channel: Channel, occasion: Occasion): Channel {
  const { canary: _, stable: __, ...rest } = channel;
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

function releaseStable(channel: Channel, version: number, occasion: Occasion): Channel {
  mustExist(version, channel, occasion);
  const { canary, stable, ...rest } = channel;
  if (stable === version && canary === undefined) return channel;
  const previous = stable === undefined || stable === version ? rest.previous : [...rest.previous, stable];
  return recorded({ ...rest, stable: version, previous: previous.slice(-REMEMBERED) }, 'release', occasion);
}

function openCanary(channel: Channel, canary: { version: number; weight: number }, occasion: Occasion): Channel {
  mustExist(canary.version, channel, occasion);
  if (channel.stable === undefined) {
    throw new ReleaseRefused(
      channel.model,
      'a canary runs beside a stable version, and there is none; release one first',
    );
  }
  if (channel.stable === canary.version) {
    throw new ReleaseRefused(channel.model, `version ${canary.version} is the stable one already`);
  }
  return recorded({ ...channel, canary: { ...canary, since: occasion.at } }, 'canary', occasion);
}

/** The versions were listed before the channel was read: a deletion in between has the last word. */
function mustExist(version: number, { first }: Channel, { model, versions }: Occasion): void {
  if (version < first || !versions.includes(version)) throw new VersionNotFound(model, String(version));
}

function recorded(channel: Channel, action: string, { at, by, versions }: Occasion): Channel {
  const entry = {
    at,
    by,
    action,
    ...(channel.stable !== undefined && { stable: channel.stable }),
    ...(channel.canary !== undefined && { canary: channel.canary.version }),
  };
  const next = Math.max(channel.next, ...versions.map((version) => version + 1));
  return { ...channel, next, history: [...channel.history, entry].slice(-REMEMBERED) };
}
