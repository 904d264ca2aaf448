import { beforeEach, describe, expect, test } from 'vitest';
import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import { revokeKey } from '../../adapters/registry/keys.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { loadFrom } from '../../functions/predict/load.ts';
import { modelCache } from '../../functions/predict/model-cache.ts';
import { flipped } from '../watched-store.ts';
import { type House, openHouse, type Process } from './house.ts';
import { errorOf } from './replies.ts';

let house: House;
/** The process that calls reach; the house's own one moves what is served. */
let server: Process;
beforeEach(async () => {
  house = await openHouse();
  await house.drop('line', 'model.json', slope(1));
  await house.drop('line', 'model.json', slope(2));
  await release({ stable: 1 });
  server = house.another();
});

/** Each version answers its own slope. */
const slope = (by: number) =>
  Buffer.from(
    JSON.stringify({
      modeldrop: 1,
      kind: 'linear',
      features: ['x'],
      parameters: { coefficients: [[by]], intercept: [0] },
    }),
  );

const control = (path: string, body?: unknown, method = 'POST') => house.api({ method, path, body });
const release = (body: unknown) => control('/v1/models/line/release', body);
const predict = (through = server, version = '') =>
  house.api(
    {
      method: 'POST',
      path: version ? `/v2/models/line/versions/${version}/infer` : '/v2/models/line/infer',
      body: { inputs: [{ name: 'input', shape: [1, 1], datatype: 'FP64', data: [1] }] },
    },
    through,
  );

const answered = async (reply = predict()) => {
  const { status, headers, json } = await reply;
  const [output] = (json as { outputs?: { data: number[] }[] }).outputs ?? [];
  return {
    status,
    slope: output?.data[0],
    version: headers['x-modeldrop-version'],
    stale: headers['x-modeldrop-stale'],
  };
};

const v1 = { status: 200, slope: 1, version: '1', stale: undefined };
const v2 = { status: 200, slope: 2, version: '2', stale: undefined };

const MOVES: [string, () => Promise<unknown>, object][] = [
  ['a release', () => release({ stable: 2 }), v2],
  ['a canary for nearly all', () => release({ canary: { version: 2, weight: 99.9 } }), v2],
  ['a deletion', () => control('/v1/models/line', undefined, 'DELETE'), { status: 404 }],
];

describe.each(MOVES)('%s', (_, move, after) => {
  test('is in force everywhere within 5 s', async () => {
    expect(await answered()).toEqual(v1);
    await move();
    house.pass(2_999);
    expect(await answered()).toEqual(v1);
    house.pass(2_001);
    expect(await answered()).toMatchObject(after);
  });

  test('is in force with the first answer after a freeze of ten minutes', async () => {
    await answered();
    await move();
    house.pass(600_000);
    expect(await answered()).toMatchObject(after);
  });

  test('is looked up beside a request after 3 s, and that is over before the answer leaves', async () => {
    await answered();
    await move();
    house.pass(3_000);
    house.registry.asked.length = 0;
    expect(await answered()).toEqual(v1);
    expect(house.registry.asked).toContain('revalidate channels/line.json');
    expect(await answered()).toMatchObject(after);
  });
});

test('a rollback is in force within 5 s', async () => {
  await release({ stable: 2 });
  expect(await answered()).toEqual(v2);
  await control('/v1/models/line/rollback');
  house.pass(5_000);
  expect(await answered()).toEqual(v1);
});

test('a refusal, too, leaves only when its revalidation is over', async () => {
  await answered();
  house.pass(3_000);
  let revalidated = false;
  house.registry.before = async (question) => {
    if (question !== 'revalidate channels/line.json') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
    revalidated = true;
  };
  expect((await predict(server, '0')).status).toBe(404);
  expect(revalidated).toBe(true);
});

describe('a key', () => {
  const list = (key: string) => house.api({ path: '/v1/models', key }, server);

  test.each([5_000, 600_000])('revoked is dead after %i ms', async (age) => {
    const key = await house.key();
    expect((await list(key)).status).toBe(200);
    await revokeKey(house.registry, sha256(key).slice(0, 16));
    house.pass(2_999);
    expect((await list(key)).status).toBe(200);
    house.pass(age - 2_999);
    expect((await list(key)).status).toBe(401);
  });

  test('lives on while the store fails, for less than a minute, then answers 503', async () => {
    const key = await house.key();
    await list(key);
    await predict();
    house.registry.down = true;
    house.pass(59_999);
    const reply = await house.api(
      { method: 'POST', path: '/v1/models/line:predict', body: { instances: [[1]] }, key },
      server,
    );
    expect(reply.status).toBe(200);
    expect(reply.headers['x-modeldrop-stale']).toBe('true');
    house.pass(1);
    expect((await list(key)).status).toBe(503);
    house.registry.down = false;
    expect((await list(key)).status).toBe(200);
  });

  test('unknown is remembered as unknown for 3 s, and asked for no more than once', async () => {
    const secret = 'md-later';
    expect((await list(secret)).status).toBe(401);
    house.registry.asked.length = 0;
    house.pass(2_999);
    for (let i = 0; i < 100; i++) expect((await list(secret)).status).toBe(401);
    expect(house.registry.asked.filter((question) => question.includes('keys/'))).toEqual([]);
  });
});

describe('a store that fails', () => {
  test('leaves what is loaded in service for as long as it fails, marked stale', async () => {
    await answered();
    const [endpoint, answer] = [server.predict, predict()];
    await answer;
    house.registry.down = true;
    house.pass(40_000);
    expect(await answered()).toEqual({ ...v1, stale: 'true' });
    house.pass(10_000);
    expect(await answered()).toEqual({ ...v1, stale: 'true' });
    house.registry.down = false;
    expect(await answered()).toEqual(v1);
    expect(server.predict).toBe(endpoint);
  });

  test('is a 503 with Retry-After where nothing is loaded, and harms nothing else', async () => {
    house.registry.before = (question) => {
      house.registry.down = question.includes('models/line/1/');
    };
    const reply = await predict();
    house.registry.down = false;
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('1');
    house.registry.before = () => {};
    expect(await answered()).toEqual(v1);
  });
});

const blobOf = (by: number) => `blobs/${sha256(slope(by))}`;

describe('a version whose bytes are damaged', () => {
  test('is answered by the last one that this process has loaded, marked stale, until it is mended', async () => {
    expect(await answered()).toEqual(v1);
    await release({ stable: 2 });
    await house.registry.damage(blobOf(2), flipped);
    house.pass(5_000);
    expect(await answered()).toEqual({ ...v1, stale: 'true' });
    expect(await answered()).toEqual({ ...v1, stale: 'true' });
    await house.registry.damage(blobOf(2), flipped);
    expect(await answered()).toEqual(v2);
  });

  test('is a 503 where this process has loaded none', async () => {
    await house.registry.damage(blobOf(1), flipped);
    const reply = await predict();
    expect(reply.status).toBe(503);
    expect(errorOf(reply)).toContain('damaged');
  });

  test('is a 503 for a caller who insists on it', async () => {
    await answered();
    await house.registry.damage(blobOf(2), flipped);
    expect((await predict(server, '2')).status).toBe(503);
    expect(await answered()).toEqual(v1);
  });

  test('is not answered by a version that only a caller who insisted has loaded', async () => {
    await predict(server, '2');
    await house.registry.damage(blobOf(1), flipped);
    expect((await predict()).status).toBe(503);
  });

  test('is never answered by one that was erased', async () => {
    await answered();
    await control('/v1/models/line', undefined, 'DELETE');
    await house.drop('line', 'model.json', slope(3));
    await house.registry.damage(blobOf(3), flipped);
    house.pass(5_000);
    expect((await predict()).status).toBe(503);
  });

  test('with a damaged manifest is as one with damaged bytes', async () => {
    expect(await answered()).toEqual(v1);
    await release({ stable: 2 });
    await house.registry.damage('models/line/2/manifest.json', (bytes) => bytes.subarray(0, 40));
    house.pass(5_000);
    expect(await answered()).toEqual({ ...v1, stale: 'true' });
    expect((await predict(server, '2')).status).toBe(503);
  });
});

test('500 simultaneous first calls load a model once', async () => {
  const load = loadFrom(house.registry, openInRuntime());
  let loads = 0;
  const models = modelCache({
    maxBytes: 1e6,
    load: (model, version) => {
      loads += 1;
      return load(model, version);
    },
  });
  await Promise.all(Array.from({ length: 500 }, () => models.use('line', 1, async ({ manifest }) => manifest)));
  expect(loads).toBe(1);
  house.registry.asked.length = 0;
  const replies = await Promise.all(Array.from({ length: 500 }, () => predict()));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  const reads = house.registry.asked.filter((question) => !question.includes('keys/'));
  expect(reads.toSorted()).toEqual([
    `read ${blobOf(1)}`,
    'read channels/line.json',
    'read models/line/1/manifest.json',
  ]);
});
