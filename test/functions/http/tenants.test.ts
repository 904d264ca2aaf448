import { beforeAll, describe, expect, test } from 'vitest';
import { revokeKey } from '../../../adapters/registry/keys.ts';
import { sha256 } from '../../../adapters/registry/sha256.ts';
import { grants } from '../../../functions/http/caller.ts';
import { type Route, routes, type Scope } from '../../../functions/http/routes.ts';
import { declaredBy, expectHealthy, healthy } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';

let house: House;
let expectDeclared: (reply: Reply) => void;
const keys: Record<string, string> = {};

beforeAll(async () => {
  house = await openHouse();
  for (const model of ['healthy', 'own-a', 'own-b', 'other-a']) await house.drop(model, 'model.json', healthy);
  expectDeclared = await declaredBy(house);
  for (const scope of ['predict', 'deploy', 'admin'] as const) {
    keys[scope] = await house.key({ tenant: 'own', scopes: [scope], models: ['own-*'] });
    keys[`other ${scope}`] = await house.key({ tenant: 'other', scopes: [scope], models: ['other-*'] });
  }
  keys.revoked = await house.key({ tenant: 'own', scopes: ['admin'], models: ['*'] });
  await revokeKey(house.registry, sha256(keys.revoked).slice(0, 16));
});

const BODIES: Readonly<Record<string, unknown>> = {
  inferV2: { inputs: [{ name: 'input', shape: [1, 1], datatype: 'FP64', data: [0.5] }] },
  predictV1: { instances: [[0.5]] },
  explainV1: { instances: [[0.5]] },
  scoreMlflow: { instances: [[0.5]] },
  invokeSagemaker: { instances: [[0.5]] },
  upload: { file: 'model.json', sha256: 'f'.repeat(64) },
  train: { model: 'own-a', sha256: 'f'.repeat(64) },
  createJob: { instances: [[0.5]] },
  release: { stable: 1 },
  createKey: { name: 'n', scopes: ['predict'], models: ['own-a'] },
};

const pathOf = ({ path }: Route, model: string): string =>
  path
    .replace('{model}', model)
    .replace('{version}', '1')
    .replace('{drop}', '0123456789abcdef')
    .replace('{job}', '0123456789abcdef')
    .replace('{key}', '0123456789abcdef')
    .replace('{file}', 'model.json') + (path === '/invocations' ? `?model=${model}` : '');

const call = (route: Route, model: string, key: string | null, alter = {}) =>
  house.api({ method: route.method, path: pathOf(route, model), body: BODIES[route.operation], key, ...alter });

const table = routes as readonly Route[];
const named = table.map((route): [string, Route] => [`${route.method} ${route.path}`, route]);
const ofModels = named.filter(([, { path }]) => path.includes('{model}') || path === '/invocations');
const closed = named.filter(([, { scope }]) => scope !== 'open');
const scopes: Scope[] = ['predict', 'deploy', 'admin'];

/** What a route answers whom it admits, where that is not simply a success. */
const ADMITTED: Readonly<Record<string, number>> = {
  drop: 404,
  trainingJob: 404,
  createJob: 202,
  job: 404,
  jobResult: 404,
  cancelJob: 404,
  revokeKey: 404,
  rollback: 409,
};

/** A model of its own for what is lost by being asked. */
const modelFor = ({ operation }: Route): string => (operation === 'deleteModel' ? 'own-b' : 'own-a');

describe('every route', () => {
  test.each(closed)('%s answers 401 without a key, with an unknown one and with a revoked one', async (_, route) => {
    for (const key of [null, 'md0000', keys.revoked as string]) {
      const reply = await call(route, 'own-a', key);
      expect(reply.status).toBe(401);
      expectDeclared(reply);
    }
    await expectHealthy(house);
  });

  test.each(closed)('%s answers 401 itself where the gateway asked nobody', async (_, route) => {
    const reply = await call(route, 'own-a', house.admin, {
      alter: (event: { requestContext: { authorizer?: unknown } }) => delete event.requestContext.authorizer,
    });
    expect(reply.status).toBe(401);
    expectDeclared(reply);
  });

  test.each(named)('%s answers whom its scope admits, and nobody else', async (_, route) => {
    for (const scope of scopes) {
      const reply = await call(route, modelFor(route), keys[scope] as string);
      const admitted = ADMITTED[route.operation];
      const expected = grants([scope], route.scope) ? (admitted ? [admitted] : [200, 201, 204]) : [403];
      expect(expected, `${scope}: ${reply.text}`).toContain(reply.status);
      expectDeclared(reply);
    }
    await expectHealthy(house);
  });

  test.each(ofModels)(
    '%s answers 404 for a model of another tenant, as for one that is not there',
    async (_, route) => {
      for (const scope of scopes.filter((held) => grants([held], route.scope))) {
        const [other, missing] = await Promise.all([
          call(route, 'other-a', keys[scope] as string),
          call(route, 'own-missing', keys[scope] as string),
        ]);
        expect(other.status, other.text).toBe(404);
        expectDeclared(other);
        // Drops may come before their model. In all else, another's model is as one that is not there.
        const early = { upload: 201, drops: 200, drop: 404 }[route.operation];
        expect(missing.status, missing.text).toBe(early ?? 404);
        if (early === undefined) expect(missing.text.replaceAll('own-missing', 'other-a')).toBe(other.text);
      }
      await expectHealthy(house);
    },
  );

  test.each(ofModels)('%s answers 403 before it says whether a model is there', async (_, route) => {
    for (const scope of scopes.filter((held) => !grants([held], route.scope))) {
      for (const model of ['own-a', 'other-a', 'own-missing']) {
        expect((await call(route, model, keys[scope] as string)).status).toBe(403);
      }
    }
  });

  test('shows a key its own models and no others', async () => {
    for (const [method, path] of [
      ['GET', '/v1/models'],
      ['GET', '/v2/models'],
      ['POST', '/v2/repository/index'],
      ['GET', '/openapi.json'],
    ] as const) {
      const { text } = await house.api({ method, path, key: keys.predict as string });
      expect(text, path).toContain('own-a');
      expect(text, path).not.toContain('other-a');
      expect(text, path).not.toContain('healthy');
    }
  });

  test('is there for every tenant alike', async () => {
    for (const [, route] of ofModels.filter(([, { operation }]) => operation !== 'deleteModel')) {
      const reply = await call(route, 'other-a', keys['other admin'] as string);
      expect([ADMITTED[route.operation] ?? 200, ADMITTED[route.operation] ?? 201], reply.text).toContain(reply.status);
    }
  });
});

describe('a path that no route has', () => {
  test.each([
    ['GET', '/nowhere'],
    ['GET', '/v1'],
    ['POST', '/v2/models/own-a/infer/more'],
    ['GET', '/v1/models/own-a/config'],
    ['GET', '//v1/models'],
    ['GET', '/V1/models'],
  ])('%s %s answers 404 in our shape', async (method, path) => {
    const reply = await house.api({ method, path });
    expect(reply.status).toBe(404);
    expectDeclared(reply);
  });

  test('is not told apart without a key', async () => {
    expect((await house.api({ path: '/nowhere', key: null })).status).toBe(401);
  });
});

describe('a method that a path has not', () => {
  const paths = [...new Set(table.map((route) => pathOf(route, 'own-a')))];

  test.each(paths)('on %s answers 405 with what is allowed', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'TRACE', 'PROPFIND']) {
      const known = table.filter((route) => pathOf(route, 'own-a') === path).map((route) => route.method as string);
      if (known.includes(method)) continue;
      const reply = await house.api({ method, path });
      expect(reply.status).toBe(405);
      expect(reply.headers.allow?.split(', ')).toEqual(expect.arrayContaining([...known, 'OPTIONS']));
      expect(reply.json).toMatchObject({ error: expect.stringContaining('not allowed') });
    }
  });

  test.each(paths)('OPTIONS %s says what is allowed, to a browser without a key', async (path) => {
    for (const basePath of ['', '/base']) {
      const headers = { 'Access-Control-Request-Method': 'POST', Origin: 'https://example.com' };
      const reply = await house.api({ method: 'OPTIONS', path, headers, key: null, basePath });
      expect(reply.status).toBe(204);
      const known = table.filter((route) => pathOf(route, 'own-a') === path).map((route) => route.method as string);
      expect(reply.headers['access-control-allow-methods']?.split(', ')).toEqual(
        expect.arrayContaining([...known, 'OPTIONS']),
      );
      expect(reply.headers['access-control-allow-origin']).toBe('*');
    }
  });
});
