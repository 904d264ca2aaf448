import { beforeEach, describe, expect, test } from 'vitest';
import type { LogLine } from '../../../adapters/aws/read-log.ts';
import { countLines } from '../../../adapters/meter/count-lines.ts';
import { memoryCounter } from '../../../adapters/meter/counter.ts';
import { emfMeter } from '../../../adapters/meter/emf.ts';
import { memoryMeter } from '../../../adapters/meter/memory.ts';
import type { Meter } from '../../../adapters/meter/meter.ts';
import { readChannel } from '../../../adapters/registry/channels.ts';
import { readCounts } from '../../../adapters/registry/counts.ts';
import { type WatchFunctionPorts, watchFunction } from '../../../functions/watch/handler.ts';
import { House } from '../house.ts';

const MINUTE = 60_000;

const model = (slope: number, features = ['x']) =>
  Buffer.from(
    JSON.stringify({
      modeldrop: 1,
      kind: 'linear',
      features,
      parameters: { coefficients: [features.map(() => slope)], intercept: [0] },
      baseline: {
        rows: 1_000,
        features: features.map((name) => ({ name, min: 0, max: 9, mean: 4, edges: [3, 6], counts: [340, 330, 330] })),
      },
    }),
  );

let house: House;
let written: LogLine[];
let switched: ('on' | 'off')[];
let drifts: [string, number][];
let duration: number | undefined;
let flush: () => void;
let ports: WatchFunctionPorts;

/** A house as on AWS: what predictions count is lines of a log, which the watch reads. */
beforeEach(async () => {
  [written, switched, drifts, duration] = [[], [], [], 1];
  let drawn = 0;
  // The house takes the meter, and has the clock.
  let now = (): number => 0;
  const write = (message: string) => void written.push({ timestamp: now(), message });
  const emf = emfMeter(
    memoryMeter(() => now()),
    { namespace: 'Modeldrop', write, now: () => now() },
  );
  // The machine that runs the test may be slow by turns.
  const meter: Meter = {
    ...emf,
    record: (seen) => emf.record({ ...seen, duration: seen.version === 2 ? (duration ?? 1) : 1 }),
  };
  const counter = memoryCounter();
  house = new House({ meter, counter, draw: () => (drawn++ % 5) / 5 });
  now = () => house.now;
  flush = countLines(counter, { write, now }).flush;
  ports = {
    registry: house.registry,
    log: async function* (from, to) {
      const lines = written.filter(({ timestamp }) => timestamp >= from && timestamp < to);
      for (let at = 0; at < lines.length; at += 100) yield lines.slice(at, at + 100);
    },
    minutes: { on: async () => void switched.push('on'), off: async () => void switched.push('off') },
    drift: (name, figure) => void drifts.push([name, figure]),
    now,
    logger: { info: () => {}, error: () => {} },
  };
  house.admin = await house.key();
  await house.drop('m', 'first.json', model(1));
});

const look = (which: 'minute' | 'hour') => watchFunction(ports)({ look: which });
const post = (path: string, body: unknown) => house.api({ method: 'POST', path: `/v1/models/m${path}`, body });

async function canary(second: Uint8Array): Promise<void> {
  await post('/release', { policy: { mode: 'canary', weight: 20 } });
  await house.drop('m', 'second.json', second);
  house.pass(6_000);
}

async function ask(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await post(':predict', { instances: [i % 10] });
}

const channel = () => readChannel(house.registry, 'm');

describe('the watch on AWS', () => {
  test('switches on its minutes when a canary is opened, and off when none is left', async () => {
    const moved = watchFunction(ports);
    await moved({ look: 'moved', key: 'channels/m.json' });
    expect(switched).toEqual([]);
    await canary(model(2));
    await moved({ look: 'moved', key: 'channels/m.json' });
    expect(switched).toEqual(['on']);
    await post('/rollback', {});
    await look('minute');
    expect(switched).toEqual(['on', 'off']);
  });

  test('stays on while a canary is open, and every hour finds one that nobody told of', async () => {
    await canary(model(2));
    await look('hour');
    expect(switched).toEqual(['on']);
  });

  test('promotes a good canary from what the log says, once its lines have settled', async () => {
    await canary(model(2));
    await ask(4_000);
    house.pass(31 * MINUTE);
    await look('minute');
    expect(await channel()).toMatchObject({ stable: 2, previous: [1] });
    expect((await channel())?.history.at(-1)).toMatchObject({ by: 'watch', action: 'promote' });
    expect(switched.at(-1)).toBe('off');
  }, 60_000);

  test('leaves lines alone that are younger than three minutes', async () => {
    await canary(model(2, ['x', 'y']));
    await ask(200);
    house.pass(2 * MINUTE);
    await look('minute');
    expect((await channel())?.canary).toMatchObject({ judged: { why: expect.any(String) } });
    house.pass(2 * MINUTE);
    await look('minute');
    expect(await channel()).toMatchObject({ stable: 1, history: expect.arrayContaining([]) });
    expect((await channel())?.canary).toBeUndefined();
  });

  test('rolls back a canary that kills its sandbox: attempts without an end', async () => {
    await canary(model(2));
    await ask(400);
    // What a sandbox that dies has not written.
    written = written.filter(({ message }) => !/"side":"canary".*"successes"/.test(message));
    house.pass(4 * MINUTE);
    await look('minute');
    expect((await channel())?.history.at(-1)).toMatchObject({
      action: 'rollback',
      by: 'watch',
      why: expect.stringContaining('errors: 100.00 %'),
    });
  });

  test('rolls back a canary that is slow', async () => {
    duration = 40;
    await canary(model(2));
    await ask(400);
    house.pass(4 * MINUTE);
    await look('minute');
    expect((await channel())?.history.at(-1)).toMatchObject({
      action: 'rollback',
      why: expect.stringMatching(/^slower/),
    });
  });

  test('holds a canary with too little traffic, however long it is open', async () => {
    await canary(model(2));
    await ask(20);
    house.pass(24 * 60 * MINUTE);
    await look('hour');
    expect(await channel()).toMatchObject({
      stable: 1,
      canary: { version: 2, judged: { why: expect.stringContaining('of at least 100') } },
    });
  });

  test('counts a stretch of the log once, also where two looks read it at once or one dies halfway', async () => {
    await canary(model(2));
    await ask(50);
    house.pass(4 * MINUTE);
    await Promise.all([look('minute'), look('minute')]);
    const attempts = async () => (await readCounts(house.registry, 'm'))?.trial?.stable.attempts;
    expect(await attempts()).toBe(40);
    const mark = await house.registry.read('watch/log.json');
    await house.registry.delete('watch/log.json', mark?.etag ?? '');
    // The next look reads the old stretch again, and more.
    house.pass(5 * MINUTE);
    await look('minute');
    expect(await attempts()).toBe(40);
  });

  test('one model that can not be judged keeps no other from its turn', async () => {
    await canary(model(2, ['x', 'y']));
    await ask(200);
    await house.registry.create('channels/broken.json', Buffer.from('{'));
    house.pass(4 * MINUTE);
    await look('minute');
    expect((await channel())?.canary).toBeUndefined();
    expect(switched.at(-1)).toBe('on');
  });

  test('tells every hour what has become of the inputs, as one figure a model', async () => {
    for (let i = 0; i < 200; i++) await post(':predict', { instances: [8.25] });
    flush();
    house.pass(4 * MINUTE);
    await look('hour');
    expect(drifts).toEqual([['m', expect.any(Number)]]);
    expect(drifts[0]?.[1]).toBeGreaterThan(1);
    expect((await house.api({ path: '/v1/models/m/card' })).json).toMatchObject({
      drift: { verdict: 'drifted', rows: 200 },
    });
    expect(JSON.stringify(written)).not.toContain('8.25');
  });
});
