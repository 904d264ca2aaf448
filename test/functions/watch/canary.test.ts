import { describe, expect, test } from 'vitest';
import { memoryMeter } from '../../../adapters/meter/memory.ts';
import type { Meter } from '../../../adapters/meter/meter.ts';
import { type TrialMeter, trialMeter } from '../../../adapters/meter/trials.ts';
import { readChannel } from '../../../adapters/registry/channels.ts';
import { watchCanary } from '../../../functions/watch/canary.ts';
import { keepTrial } from '../../../functions/watch/counted.ts';
import { talliesOf } from '../../../models/watch/ledger.ts';
import { House } from '../house.ts';

const [MINUTE, REQUESTS] = [60_000, 4_000];

const model = (slope: number, features = ['x']) =>
  Buffer.from(
    JSON.stringify({
      modeldrop: 1,
      kind: 'linear',
      features,
      parameters: { coefficients: [features.map(() => slope)], intercept: [0] },
    }),
  );

interface Trial {
  readonly house: House;
  readonly meter: TrialMeter;
  readonly look: () => Promise<boolean>;
  readonly channel: () => ReturnType<typeof readChannel>;
  /** So many predictions, a fifth of them through the canary. */
  readonly ask: (count: number, more?: { body?: unknown; sticky?: (i: number) => string }) => Promise<number[]>;
}

/** A house with a stable version, and a canary for a fifth of the requests. */
async function trial(second: Uint8Array): Promise<Trial> {
  let [drawn, now] = [0, 0];
  const meter = trialMeter(memoryMeter(() => now));
  // The machine that runs the test may be slow by turns.
  const even: Meter = { ...meter, record: (observation) => meter.record({ ...observation, duration: 1 }) };
  const house = new House({ meter: even, draw: () => (drawn++ % 5) / 5 });
  house.admin = await house.key();
  await house.drop('m', 'first.json', model(1));
  await house.api({ method: 'POST', path: '/v1/models/m/release', body: { policy: { mode: 'manual' } } });
  await house.drop('m', 'second.json', second);
  await house.api({ method: 'POST', path: '/v1/models/m/release', body: { canary: { version: 2, weight: 20 } } });
  house.pass(6_000);
  const ports = {
    registry: house.registry,
    now: () => house.now,
    trial: async (_: unknown, { since }: { since: string }) => talliesOf(meter.ledger('m', since)),
  };
  return {
    house,
    meter,
    look: () => {
      now = house.now;
      return watchCanary(ports, 'm');
    },
    channel: () => readChannel(house.registry, 'm'),
    async ask(count, { body = { instances: [1] }, sticky } = {}) {
      const statuses: number[] = [];
      for (let i = 0; i < count; i++) {
        const headers = sticky ? { 'X-Modeldrop-Sticky': sticky(i) } : {};
        const reply = await house.api({ method: 'POST', path: '/v1/models/m:predict', body, headers });
        statuses.push(reply.status);
      }
      return statuses;
    },
  };
}

describe('the watch', () => {
  test('promotes a good canary once it is baked, and tells why in the history', async () => {
    const { ask, look, channel, house } = await trial(model(2));
    await ask(REQUESTS);
    expect(await look()).toBe(true);
    expect((await channel())?.canary?.judged?.why).toMatch(/bakes for \d+ more minutes/);
    house.pass(31 * MINUTE);
    expect(await look()).toBe(false);
    expect(await channel()).toMatchObject({ stable: 2, previous: [1] });
    expect((await channel())?.history.at(-1)).toMatchObject({
      action: 'promote',
      by: 'watch',
      why: expect.stringContaining('800 requests'),
    });
  });

  test('takes back a canary that asks its callers for something else', async () => {
    const { ask, look, channel } = await trial(model(2, ['x', 'y']));
    expect(new Set(await ask(200))).toEqual(new Set([200, 400]));
    expect(await look()).toBe(false);
    expect(await channel()).toMatchObject({ stable: 1, previous: [] });
    expect((await channel())?.history.at(-1)).toMatchObject({
      action: 'rollback',
      why: expect.stringContaining('errors: 100.00 %'),
    });
  });

  test('takes back a canary whose attempts never end, as where it kills its process', async () => {
    const { ask, look, channel, meter } = await trial(model(2));
    await ask(200);
    const since = (await channel())?.canary?.since as string;
    for (let i = 0; i < 20; i++) meter.attempt({ model: 'm', version: 2, trial: { side: 'canary', since } });
    expect(await look()).toBe(false);
    expect(await channel()).toMatchObject({ stable: 1 });
  });

  test('takes back a canary that is slow', async () => {
    const { look, channel, meter } = await trial(model(2));
    const since = (await channel())?.canary?.since as string;
    const answer = (version: number, side: 'stable' | 'canary', duration: number) => {
      meter.attempt({ model: 'm', version, trial: { side, since } });
      meter.record({
        model: 'm',
        version,
        channel: side,
        tenant: 't',
        status: 200,
        rows: 1,
        duration,
        trial: { side, since },
      });
    };
    for (let i = 0; i < 1_000; i++) answer(1, 'stable', 5 + (i % 10));
    for (let i = 0; i < 100; i++) answer(2, 'canary', i % 5 === 0 ? 40 : 5);
    expect(await look()).toBe(false);
    expect((await channel())?.history.at(-1)?.why).toContain('slower: 20.00 %');
  });

  test('is told of beside the versions, with what both sides have done so far', async () => {
    const { ask, channel, house, meter } = await trial(model(2, ['x', 'y']));
    await ask(50);
    const ledger = meter.ledger('m', (await channel())?.canary?.since as string);
    await keepTrial(house.registry, 'm', ledger);
    const asked = house.registry.asked.length;
    await keepTrial(house.registry, 'm', ledger);
    expect(house.registry.asked.slice(asked).filter((question) => !question.startsWith('read'))).toEqual([]);
    const { json } = await house.api({ path: '/v1/models/m/versions' });
    const counted = { canary: { requests: 10, errors: 10 }, stable: { requests: 40, errors: 0 } };
    expect(json).toMatchObject({ versions: [{ channel: 'stable' }, { channel: 'canary', trial: counted }] });
  });

  test('holds a quiet canary, and writes the same word only once', async () => {
    const { look, channel, house } = await trial(model(2));
    house.pass(31 * MINUTE);
    expect(await look()).toBe(true);
    expect((await channel())?.canary?.judged?.why).toBe('has answered 0 of at least 100 requests');
    const asked = house.registry.asked.length;
    expect(await look()).toBe(true);
    expect(house.registry.asked.slice(asked).filter((question) => question.startsWith('replace'))).toEqual([]);
  });

  test('moves nothing where somebody else moved the channel in between', async () => {
    const { ask, look, channel, house } = await trial(model(2, ['x', 'y']));
    await ask(200);
    house.registry.before = async (question) => {
      if (question !== 'list models/m/') return;
      house.registry.before = () => {};
      await house.api({ method: 'POST', path: '/v1/models/m/release', body: { canary: { version: 2, weight: 50 } } });
    };
    house.pass(1);
    expect(await look()).toBe(true);
    expect(await channel()).toMatchObject({ stable: 1, canary: { version: 2, weight: 50 } });
  });

  test('has nothing to say of a model without a canary', async () => {
    const { look, house } = await trial(model(2));
    await house.api({ method: 'POST', path: '/v1/models/m/rollback' });
    expect(await look()).toBe(false);
  });
});

describe('a caller with a sticky word', () => {
  test('stays with its version as long as the canary is open, and many callers are dealt by weight', async () => {
    const { house } = await trial(model(2));
    const answerOf = async (word: string) => {
      const headers = { 'x-modeldrop-sticky': word };
      const body = { instances: [1] };
      return (await house.api({ method: 'POST', path: '/v1/models/m:predict', body, headers })).headers[
        'x-modeldrop-version'
      ];
    };
    const words = Array.from({ length: 400 }, (_, i) => `caller ${i}`);
    const first = await Promise.all(words.map(answerOf));
    expect(await Promise.all(words.map(answerOf))).toEqual(first);
    const share = first.filter((version) => version === '2').length / words.length;
    expect(share).toBeGreaterThan(0.14);
    expect(share).toBeLessThan(0.26);
  });

  test('is dealt anew for the next canary', async () => {
    const { house } = await trial(model(2));
    const answers = async () => {
      const found: (string | undefined)[] = [];
      for (let i = 0; i < 100; i++) {
        const headers = { 'x-modeldrop-sticky': `caller ${i}` };
        const reply = await house.api({
          method: 'POST',
          path: '/v1/models/m:predict',
          body: { instances: [1] },
          headers,
        });
        found.push(reply.headers['x-modeldrop-version']);
      }
      return found;
    };
    const first = await answers();
    await house.api({ method: 'POST', path: '/v1/models/m/release', body: { canary: { version: 2, weight: 20 } } });
    house.pass(6_000);
    expect(await answers()).not.toEqual(first);
  });

  test('counts as one caller of the trial, however often it asks', async () => {
    const { ask, look, channel, house } = await trial(model(2));
    await ask(REQUESTS, { sticky: (i) => `caller ${i % 60}` });
    house.pass(31 * MINUTE);
    expect(await look()).toBe(true);
    expect((await channel())?.canary?.judged?.why).toMatch(/\d+ of at least 30 sticky callers/);
  });
});
