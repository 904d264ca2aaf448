import { beforeEach, describe, expect, test } from 'vitest';
import { type Counter, memoryCounter } from '../../../adapters/meter/counter.ts';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { loadFrom } from '../../../functions/predict/load.ts';
import { modelCache } from '../../../functions/predict/model-cache.ts';
import { shadowFunction } from '../../../functions/predict/shadow.ts';
import { MOST_BYTES, type ShadowCopy } from '../../../functions/predict/shadow-copy.ts';
import { keepCounts } from '../../../functions/watch/counted.ts';
import { House } from '../house.ts';

const line = (slope: number, features = ['x'], more: object = {}) =>
  Buffer.from(
    JSON.stringify({
      modeldrop: 1,
      kind: 'linear',
      features,
      parameters: { coefficients: [features.map(() => slope)], intercept: [0] },
      ...more,
    }),
  );

let house: House;
let counter: Counter;
let copies: ShadowCopy[];
let taken: boolean | (() => never);

/** A house with a stable version of slope 1, and another version in its shadow. */
async function open(shadow: Uint8Array): Promise<void> {
  copies = [];
  taken = true;
  counter = memoryCounter();
  const send = (copy: ShadowCopy): boolean => {
    copies.push(copy);
    return typeof taken === 'function' ? taken() : taken;
  };
  house = new House({ counter, shadow: send });
  house.admin = await house.key();
  await house.drop('m', 'first.json', line(1));
  await house.api({ method: 'POST', path: '/v1/models/m/release', body: { policy: { mode: 'shadow' } } });
  await house.drop('m', 'second.json', shadow);
}

const ask = (rows: unknown[] = [[1], [2]], more: object = {}) =>
  house.api({ method: 'POST', path: '/v1/models/m:predict', body: { instances: rows }, ...more });

/** Lets the shadow see what it was sent. */
async function see(): Promise<void> {
  const models = modelCache({ load: loadFrom(house.registry, openInRuntime()), maxBytes: 1e8 });
  const shadow = shadowFunction({ models, counter });
  for (const copy of copies.splice(0)) await shadow(copy);
}

const counted = () => counter.take().find(({ version }) => version === 2)?.shadow;

beforeEach(() => open(line(1.5)));

describe('a shadow', () => {
  test('is sent a copy of every request that the stable version has answered, and of nothing else', async () => {
    await ask();
    await house.api({ method: 'POST', path: '/v2/models/m/versions/1/infer', body: { inputs: [] } });
    await ask(['no number']);
    expect(copies).toHaveLength(1);
    expect(copies[0]).toMatchObject({ model: 'm', version: 2, serving: 1, operation: 'predictV1' });
  });

  test('learns nothing of who has asked', async () => {
    await ask([[1]], { headers: { 'x-secret': 'word', 'Content-Type': 'application/json' } });
    expect(JSON.stringify(copies)).not.toContain('word');
    expect(JSON.stringify(copies)).not.toContain(house.admin);
    expect(copies[0]?.headers).toEqual({ 'content-type': 'application/json' });
  });

  test('changes no answer, also where sending it throws or is refused', async () => {
    const before = await ask();
    taken = false;
    const refused = await ask();
    taken = () => {
      throw new Error('no way out');
    };
    const thrown = await ask();
    for (const reply of [refused, thrown]) {
      expect([reply.status, reply.text, reply.headers['x-modeldrop-version']]).toEqual([200, before.text, '1']);
    }
    expect(counted()).toMatchObject({ sent: 1, skipped: 1, calls: 0 });
  });

  test('is not sent what is too large for an asynchronous call, which is counted', async () => {
    const row = `[${'0'.repeat(0)}1]`;
    const body = `{"instances":[${Array.from({ length: MOST_BYTES / 4 }, () => row).join(',')}]}`;
    expect((await house.api({ method: 'POST', path: '/v1/models/m:predict', body })).status).toBe(200);
    expect(copies).toEqual([]);
    expect(counted()).toMatchObject({ sent: 0, skipped: 1 });
  });

  test('is held against the stable version row by row', async () => {
    await ask([[0], [1], [2], [0]]);
    await see();
    expect(counted()).toMatchObject({ sent: 1, calls: 1, failed: 0, rows: 4, agreed: 2 });
  });

  test('that fails is a count, and no answer', async () => {
    await open(line(1, ['x', 'y']));
    expect((await ask()).status).toBe(200);
    await see();
    expect(counted()).toMatchObject({ calls: 1, failed: 1, rows: 0 });
  });

  test('is told on the card and among the versions', async () => {
    await ask([[0], [1]]);
    await see();
    await keepCounts(house.registry, counter.take(), house.now);
    const { json } = await house.api({ path: '/v1/models/m/versions' });
    const { versions } = json as { versions: object[] };
    const shadow = { sent: 1, failed: 0, lost: 0, rows: 2, agreement: 0.5, times: { shadow: {}, serving: {} } };
    expect(versions[1]).toMatchObject({ version: 2, channel: 'shadow', shadow });
    expect((await house.api({ path: '/v1/models/m/versions/2/card' })).json).toMatchObject({ shadow });
    expect((await house.api({ path: '/v1/models/m/card' })).json).not.toHaveProperty('shadow');
  });
});

describe('drift', () => {
  test('is told on the card from counts, and no value of a request is kept', async () => {
    const baseline = {
      rows: 1_000,
      features: [{ name: 'x', min: 0, max: 9, mean: 4.5, edges: [3, 6], counts: [340, 330, 330] }],
    };
    await house.drop('m', 'third.json', line(3, ['x'], { baseline }));
    await house.api({ method: 'POST', path: '/v1/models/m/release', body: { stable: 3 } });
    house.pass(6_000);
    expect((await house.api({ path: '/v1/models/m/card' })).json).not.toHaveProperty('drift');
    for (let i = 0; i < 50; i++) await ask([[7.1234], [8.1234], [8.1234]]);
    await keepCounts(house.registry, counter.take(), house.now);
    expect((await house.api({ path: '/v1/models/m/card' })).json).toMatchObject({
      drift: {
        rows: 150,
        verdict: 'drifted',
        features: [
          { feature: 'x', verdict: 'drifted', psi: expect.any(Number), words: expect.stringContaining('PSI') },
        ],
      },
    });
    const kept = Buffer.from((await house.registry.read('watch/counts/m.json'))?.bytes ?? []).toString();
    expect(kept).toContain('150');
    expect(kept).not.toContain('1234');
  });
});
