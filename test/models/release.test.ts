import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReleaseRefused, VersionNotFound } from '../../models/errors.ts';
import { type Channel, erase, type Occasion, release, rollback, route } from '../../models/release.ts';

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
  /** The way back, newest last. */
  previous: number[];
}

type Command =
  | { readonly do: 'publish' | 'rollback' | 'erase' }
  | { readonly do: 'release' | 'canary'; readonly version: number };

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
  'rollback',
  'rollback',
  'erase',
] as const;

const wish = fc.tuple(fc.constantFrom(...WEIGHED), fc.nat());

/** A command of this world: mostly of a version that is alive, sometimes of one erased or not yet born. */
function commandIn({ alive, first, next }: World, [verb, pick]: [(typeof WEIGHED)[number], number]): Command {
  if (verb !== 'release' && verb !== 'canary') return { do: verb };
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
      if (stable !== undefined && stable !== asked.version) world.previous.push(stable);
      world.stable = asked.version;
      world.canary = undefined;
      return true;
    case 'canary':
      if (!alive.includes(asked.version) || stable === undefined || stable === asked.version) return false;
      world.canary = asked.version;
      return true;
    case 'rollback':
      if (stable === undefined) return false;
      if (world.canary !== undefined) world.canary = undefined;
      else if (world.previous.length === 0) return false;
      else world.stable = world.previous.pop();
      return true;
    case 'erase':
      if (stable === undefined) return false;
      Object.assign(world, { alive: [], first: world.next, stable: undefined, canary: undefined, previous: [] });
      return true;
  }
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
      const world: World = { alive: [], next: 1, first: 1, stable: undefined, canary: undefined, previous: [] };
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

function expectAlike(channel: Channel | undefined, { alive, next, first, stable, canary, previous }: World): void {
  if (channel === undefined) {
    expect(stable).toBeUndefined();
    return;
  }
  expect(channel.stable).toBe(stable);
  expect(channel.canary?.version).toBe(canary);
  expect(channel.previous).toEqual(previous);
  expect(channel.first).toBe(first);
  expect(channel.next).toBeLessThanOrEqual(next);
  for (const version of [stable, canary, ...previous]) if (version !== undefined) expect(alive).toContain(version);
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
