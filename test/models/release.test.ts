import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Canary, Channel } from '../../models/channel.ts';
import { ReleaseRefused, VersionNotFound } from '../../models/errors.ts';
import { admit, erase, type Occasion, release, rollback, route, settle } from '../../models/release.ts';
import type { ReleasePolicy } from '../../models/release-policy.ts';

const occasion = (versions: readonly number[], more: Partial<Occasion> = {}): Occasion => ({
  model: 'iris',
  versions,
  by: 'ann',
  at: '2026-11-23T00:00:00.000Z',
  ...more,
});

const serving = (stable: number, versions: readonly number[]): Channel =>
  release(undefined, { stable }, occasion(versions));

describe('a release', () => {
  test('puts a version into service, and remembers the one before', () => {
    const channel = release(serving(1, [1, 2]), { stable: 2 }, occasion([1, 2]));
    expect(channel).toMatchObject({ stable: 2, previous: [1], next: 3, first: 1 });
    expect(channel.history.map(({ action, stable }) => `${action} ${stable}`)).toEqual(['release 1', 'release 2']);
  });

  test('of what is served already changes nothing', () => {
    const channel = serving(1, [1]);
    expect(release(channel, { stable: 1 }, occasion([1]))).toBe(channel);
  });

  test('of the stable version ends a canary', () => {
    const canary = release(serving(1, [1, 2]), { canary: { version: 2, weight: 5 } }, occasion([1, 2]));
    expect(release(canary, { stable: 1 }, occasion([1, 2]))).not.toHaveProperty('canary');
  });

  test.each([0, 3, 99])('of version %i, which does not exist, is refused', (stable) => {
    expect(() => release(serving(1, [1, 2]), { stable }, occasion([1, 2]))).toThrow(VersionNotFound);
  });

  test('of a version that was erased after it was listed is refused', () => {
    const erased = erase(serving(1, [1, 2]), occasion([1, 2]));
    expect(() => release(erased, { stable: 2 }, occasion([1, 2]))).toThrow(VersionNotFound);
    expect(() => release(erased, { canary: { version: 2, weight: 5 } }, occasion([1, 2]))).toThrow(VersionNotFound);
  });
});

describe('a canary', () => {
  const canary = release(serving(1, [1, 2]), { canary: { version: 2, weight: 20 } }, occasion([1, 2]));

  test.each<[number, number, string]>([
    [0, 2, 'canary'],
    [0.1999, 2, 'canary'],
    [0.2, 1, 'stable'],
    [0.9999, 1, 'stable'],
  ])('at point %f is answered by version %i', (point, version, channel) => {
    expect(route(canary, point)).toEqual({ version, channel });
  });

  test('needs a stable version beside it, and another one', () => {
    const wish = { canary: { version: 1, weight: 5 } };
    expect(() => release(undefined, wish, occasion([1]))).toThrow(ReleaseRefused);
    expect(() => release(serving(1, [1]), wish, occasion([1]))).toThrow(ReleaseRefused);
  });

  test('is ended by a rollback, which leaves the stable version', () => {
    expect(rollback(canary, occasion([1, 2]))).toMatchObject({ stable: 1, previous: [] });
    expect(rollback(canary, occasion([1, 2]))).not.toHaveProperty('canary');
  });
});

describe('a shadow', () => {
  const shadowed = release(serving(1, [1, 2, 3]), { shadow: { version: 2 } }, occasion([1, 2, 3]));

  test('answers nothing', () => {
    expect(shadowed.shadow?.version).toBe(2);
    expect([0, 0.5, 0.99].map((point) => route(shadowed, point)?.version)).toEqual([1, 1, 1]);
  });

  test('stays beside a canary of another version, and becomes one of its own', () => {
    const beside = release(shadowed, { canary: { version: 3, weight: 5 } }, occasion([1, 2, 3]));
    expect(beside.shadow?.version).toBe(2);
    expect(release(shadowed, { canary: { version: 2, weight: 5 } }, occasion([1, 2, 3]))).not.toHaveProperty('shadow');
  });

  test('ends where its version is released, or nothing is named', () => {
    expect(release(shadowed, { stable: 2 }, occasion([1, 2, 3]))).not.toHaveProperty('shadow');
    expect(release(shadowed, { shadow: null }, occasion([1, 2, 3]))).not.toHaveProperty('shadow');
  });

  test('needs another version than those that answer', () => {
    expect(() => release(shadowed, { shadow: { version: 1 } }, occasion([1, 2, 3]))).toThrow(ReleaseRefused);
    expect(() => release(undefined, { shadow: { version: 1 } }, occasion([1]))).toThrow(ReleaseRefused);
    const canary = release(serving(1, [1, 2]), { canary: { version: 2, weight: 5 } }, occasion([1, 2]));
    expect(() => release(canary, { shadow: { version: 2 } }, occasion([1, 2]))).toThrow(ReleaseRefused);
  });
});

describe('a version that was dropped', () => {
  const one = serving(1, [1, 2]);
  const into = (channel: Channel | undefined, stated?: ReleasePolicy) => admit(channel, 2, stated, occasion([1, 2]));

  test.each<[string, ReleasePolicy | undefined, Partial<Channel>]>([
    ['at once where nothing is said', undefined, { stable: 2 }],
    ['at once', { mode: 'direct' }, { stable: 2 }],
    [
      'for a tenth of the requests',
      { mode: 'canary' },
      { stable: 1, canary: { version: 2, weight: 10, bakeMinutes: 30, minimumRequests: 100, since: occasion([]).at } },
    ],
    [
      'for as many as its policy says',
      { mode: 'canary', weight: 50, minimumRequests: 7 },
      { stable: 1, canary: { version: 2, weight: 50, bakeMinutes: 30, minimumRequests: 7, since: occasion([]).at } },
    ],
    ['as a shadow', { mode: 'shadow' }, { stable: 1, shadow: { version: 2, since: occasion([]).at } }],
    ['when somebody says so', { mode: 'manual' }, { stable: 1 }],
  ])('comes into service %s', (_, stated, expected) => {
    expect(into(one, stated)).toMatchObject(expected);
  });

  test("follows the model's policy, and its own before that", () => {
    const careful = release(one, { policy: { mode: 'canary', weight: 3 } }, occasion([1, 2]));
    expect(into(careful)?.canary).toMatchObject({ version: 2, weight: 3 });
    expect(into(careful, { mode: 'direct' })).toMatchObject({ stable: 2 });
  });

  test.each<ReleasePolicy['mode']>(['canary', 'shadow'])('is stable in mode %s where nothing else serves', (mode) => {
    expect(into(undefined, { mode })).toMatchObject({ stable: 2 });
  });

  test('serves nobody in mode manual, even if nothing else does', () => {
    expect(into(undefined, { mode: 'manual' })).toBeUndefined();
  });

  test.each<ReleasePolicy['mode']>(['canary', 'shadow'])('that is stable already stays so in mode %s', (mode) => {
    const two = serving(2, [1, 2]);
    expect(into(two, { mode })).toBe(two);
  });
});

describe('a verdict on a canary', () => {
  const open = release(serving(1, [1, 2]), { canary: { version: 2, weight: 20 } }, occasion([1, 2]));
  const canary = open.canary as Canary;

  test('puts it into service, with the reason in the history', () => {
    const after = settle(open, canary, 'promote', occasion([1, 2], { by: 'watch', why: 'no worse' }));
    expect(after).toMatchObject({ stable: 2, previous: [1] });
    expect(after).not.toHaveProperty('canary');
    expect(after.history.at(-1)).toMatchObject({ action: 'promote', by: 'watch', why: 'no worse', stable: 2 });
  });

  test('takes it out of service', () => {
    const after = settle(open, canary, 'withdraw', occasion([1, 2], { by: 'watch', why: 'errors' }));
    expect(after).toMatchObject({ stable: 1, previous: [] });
    expect(after).not.toHaveProperty('canary');
  });

  test.each(['promote', 'withdraw'] as const)('to %s that comes late moves nothing', (verdict) => {
    const late = { at: '2026-11-24T00:00:00.000Z' };
    const [gone, renewed] = [
      rollback(open, occasion([1, 2])),
      release(open, { canary: { version: 2, weight: 30 } }, occasion([1, 2], late)),
    ];
    expect(settle(gone, canary, verdict, occasion([1, 2]))).toBe(gone);
    expect(settle(renewed, canary, verdict, occasion([1, 2]))).toBe(renewed);
  });
});

test('a rollback without anything to go back to is refused', () => {
  expect(() => rollback(serving(1, [1]), occasion([1]))).toThrow(ReleaseRefused);
});

test('nothing answers for a model that was erased', () => {
  expect(route(erase(serving(1, [1]), occasion([1])), 0)).toBeUndefined();
});

/** The house as it should be: what is alive, and the way back. */
interface World {
  alive: number[];
  next: number;
  first: number;
  stable: number | undefined;
  canary: number | undefined;
  shadow: number | undefined;
  /** The way back, newest last. */
  previous: number[];
}

type Command =
  | { readonly do: 'publish' | 'rollback' | 'erase' | 'promote' | 'withdraw' | 'unshadow' }
  | { readonly do: 'release' | 'canary' | 'shadow'; readonly version: number };

const WEIGHED = [
  'publish',
  'publish',
  'publish',
  'release',
  'release',
  'release',
  'release',
  'canary',
  'canary',
  'shadow',
  'shadow',
  'unshadow',
  'promote',
  'withdraw',
  'rollback',
  'rollback',
  'erase',
] as const;

const wish = fc.tuple(fc.constantFrom(...WEIGHED), fc.nat());

/** A command of this world: mostly of a version that is alive, sometimes of one erased or not yet born. */
function commandIn({ alive, first, next }: World, [verb, pick]: [(typeof WEIGHED)[number], number]): Command {
  if (verb !== 'release' && verb !== 'canary' && verb !== 'shadow') return { do: verb };
  const candidates = [...alive, ...alive, first - 1, next];
  return { do: verb, version: candidates[pick % candidates.length] as number };
}

/** Carries out a command on the world. False where it must be refused. */
function expected(world: World, asked: Command): boolean {
  const { alive, stable } = world;
  switch (asked.do) {
    case 'publish':
      world.alive = [...alive, world.next];
      world.next += 1;
      return true;
    case 'release':
      if (!alive.includes(asked.version)) return false;
      serve(world, asked.version);
      return true;
    case 'canary':
      if (!alive.includes(asked.version) || stable === undefined || stable === asked.version) return false;
      world.canary = asked.version;
      if (world.shadow === asked.version) world.shadow = undefined;
      return true;
    case 'shadow':
      if (!alive.includes(asked.version) || stable === undefined) return false;
      if (stable === asked.version || world.canary === asked.version) return false;
      world.shadow = asked.version;
      return true;
    case 'unshadow':
      world.shadow = undefined;
      return true;
    case 'promote':
      if (world.canary !== undefined) serve(world, world.canary);
      return true;
    case 'withdraw':
      world.canary = undefined;
      return true;
    case 'rollback':
      if (stable === undefined) return false;
      if (world.canary !== undefined) world.canary = undefined;
      else if (world.previous.length === 0) return false;
      else {
        world.stable = world.previous.pop();
        if (world.shadow === world.stable) world.shadow = undefined;
      }
      return true;
    case 'erase':
      if (stable === undefined) return false;
      Object.assign(world, { alive: [], first: world.next, previous: [] });
      Object.assign(world, { stable: undefined, canary: undefined, shadow: undefined });
      return true;
  }
}

function serve(world: World, version: number): void {
  if (world.stable !== undefined && world.stable !== version) world.previous.push(world.stable);
  if (world.shadow === version) world.shadow = undefined;
  Object.assign(world, { stable: version, canary: undefined });
}

function actual(channel: Channel | undefined, asked: Command, { alive }: World, at: string): Channel | undefined {
  const known = occasion(alive, { at });
  switch (asked.do) {
    case 'publish':
      return channel;
    case 'release':
      return release(channel, { stable: asked.version }, known);
    case 'canary':
      return release(channel, { canary: { version: asked.version, weight: 10 } }, known);
    case 'shadow':
      return release(channel, { shadow: { version: asked.version } }, known);
    case 'unshadow':
      return channel && release(channel, { shadow: null }, known);
    case 'promote':
    case 'withdraw':
      return channel?.canary ? settle(channel, channel.canary, asked.do, known) : channel;
    case 'rollback':
      if (channel?.stable === undefined) throw new ReleaseRefused('iris', 'nothing is served');
      return rollback(channel, known);
    case 'erase':
      if (channel?.stable === undefined) throw new ReleaseRefused('iris', 'nothing is served');
      return erase(channel, known);
  }
}

test('any row of commands leaves a pointer to what is alive, and a way back that never revives the dead', () => {
  fc.assert(
    fc.property(fc.array(wish, { minLength: 10, maxLength: 60, size: 'max' }), (wishes) => {
      const world: World = {
        alive: [],
        next: 1,
        first: 1,
        stable: undefined,
        canary: undefined,
        shadow: undefined,
        previous: [],
      };
      let channel: Channel | undefined;
      wishes.forEach((one, step) => {
        const asked = commandIn(world, one);
        const before = channel;
        const after = { ...world, previous: [...world.previous] };
        const isTaken = expected(after, asked);
        const at = String(step).padStart(4, '0');
        if (!isTaken) {
          expect(() => actual(channel, asked, world, at)).toThrow();
          return;
        }
        channel = actual(channel, asked, world, at);
        Object.assign(world, after);
        expectAlike(channel, world);
        expectLinear(before, channel);
      });
    }),
    { numRuns: 300 },
  );
});

function expectAlike(channel: Channel | undefined, { alive, next, first, ...world }: World): void {
  const { stable, canary, shadow, previous } = world;
  if (channel === undefined) {
    expect(stable).toBeUndefined();
    return;
  }
  expect(channel.stable).toBe(stable);
  expect(channel.canary?.version).toBe(canary);
  expect(channel.shadow?.version).toBe(shadow);
  expect(channel.previous).toEqual(previous);
  expect(channel.first).toBe(first);
  expect(channel.next).toBeLessThanOrEqual(next);
  for (const version of [stable, canary, shadow, ...previous])
    if (version !== undefined) expect(alive).toContain(version);
  const routed = [0, 0.05, 0.5, 0.99].map((point) => route(channel, point)?.version);
  for (const version of routed) expect([stable, canary]).toContain(version);
}

/** History only grows, in the order of time, and ends with what is served. */
function expectLinear(before: Channel | undefined, after: Channel | undefined): void {
  const [known, now] = [before?.history ?? [], after?.history ?? []];
  expect(now.slice(0, known.length)).toEqual(known);
  expect(now.length - known.length).toBeLessThanOrEqual(1);
  if (now.length > known.length) expect(now.at(-1)).toMatchObject(after?.stable ? { stable: after.stable } : {});
  expect(now.map(({ at }) => at)).toEqual(now.map(({ at }) => at).toSorted());
  expect(after?.first ?? 1).toBeGreaterThanOrEqual(before?.first ?? 1);
  expect(after?.next ?? 1).toBeGreaterThanOrEqual(before?.next ?? 1);
}

test('what is remembered is bounded', () => {
  let channel = serving(1, [1, 2]);
  for (let i = 0; i < 500; i++) channel = release(channel, { stable: 1 + (i % 2) }, occasion([1, 2]));
  expect(channel.history.length).toBeLessThanOrEqual(100);
  expect(channel.previous.length).toBeLessThanOrEqual(100);
});

describe('the history', () => {
  const at = '2026-11-23T00:00:00.000Z';
  const occasion = { model: 'm', versions: [1, 2], by: 'me', at };

  test('says of each move who made it, when, and what was served after it', () => {
    const released = release(undefined, { stable: 1 }, occasion);
    const canary = release(released, { canary: { version: 2, weight: 10 } }, occasion);
    expect(rollback(canary, occasion).history).toEqual([
      { at, by: 'me', action: 'release', stable: 1 },
      { at, by: 'me', action: 'canary', stable: 1, canary: 2 },
      { at, by: 'me', action: 'rollback', stable: 1 },
    ]);
  });
});
