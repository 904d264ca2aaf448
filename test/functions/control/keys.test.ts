import { beforeEach, describe, expect, test } from 'vitest';
import { covers } from '../../../models/pattern.ts';
import { healthy } from '../declared.ts';
import { type House, openHouse } from '../house.ts';

let house: House;
let tenantAdmin: string;
beforeEach(async () => {
  house = await openHouse();
  for (const model of ['own-a', 'other-a']) await house.drop(model, 'model.json', healthy);
  tenantAdmin = await house.key({ tenant: 'own', scopes: ['admin'], models: ['own-*', 'shared'] });
});

interface Made {
  readonly id: string;
  readonly key: string;
  readonly tenant: string;
}

const make = (grant: object, key = tenantAdmin) =>
  house.api({
    method: 'POST',
    path: '/v1/keys',
    key,
    body: { name: 'n', scopes: ['predict'], models: ['own-a'], ...grant },
  });

const list = async (key = tenantAdmin) => ((await house.api({ path: '/v1/keys', key })).json as { keys: Made[] }).keys;

const revoke = (id: string, key = tenantAdmin) => house.api({ method: 'DELETE', path: `/v1/keys/${id}`, key });

const predict = (key: string | null, headers = {}) =>
  house.api({ method: 'POST', path: '/v1/models/own-a:predict', key, headers, body: { instances: [[1]] } });

describe('a key', () => {
  test('is shown once, works at once, and is stored as its hash only', async () => {
    const { status, json, text } = await make({});
    expect(status).toBe(201);
    const { id, key } = json as Made;
    expect((await predict(key)).status).toBe(200);
    expect(JSON.stringify(await list())).not.toContain(key);
    for (const path of await house.registry.list('')) {
      expect(path).not.toContain(key);
      expect(Buffer.from((await house.registry.read(path))?.bytes ?? []).toString()).not.toContain(key);
    }
    expect(text).toContain(id);
    expect(key).toMatch(/^md[0-9a-f]{64}$/);
  });

  test('says who made it, and belongs to its maker’s tenant where none is named', async () => {
    const { json } = await make({});
    expect(json).toMatchObject({
      tenant: 'own',
      createdBy: expect.stringMatching(/^[0-9a-f]{16}$/),
      createdAt: expect.any(String),
    });
  });

  test('is dead within 5 s of its revocation', async () => {
    const { id, key } = (await make({})).json as Made;
    expect((await predict(key)).status).toBe(200);
    expect((await revoke(id)).status).toBe(204);
    house.pass(5_000);
    expect((await predict(key)).status).toBe(401);
    expect((await revoke(id)).status).toBe(404);
  });

  test.each<[string, (key: string) => Record<string, string>]>([
    ['a bearer token', (key) => ({ Authorization: `Bearer ${key}` })],
    ['a bearer token in other letters', (key) => ({ authorization: `bearer ${key}` })],
    ['x-api-key', (key) => ({ 'X-API-Key': key })],
    ['x-api-key beside an Authorization of another kind', (key) => ({ Authorization: 'Basic eDp5', 'x-api-key': key })],
    [
      'the access key id of an AWS SDK',
      (key) => ({
        Authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261123/eu-west-1/sagemaker/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
      }),
    ],
    [
      'the access key id, written without spaces',
      (key) => ({
        Authorization: `AWS4-HMAC-SHA256 SignedHeaders=host,Credential=${key}/20261123/eu-west-1/sagemaker/aws4_request,Signature=0`,
      }),
    ],
  ])('is taken as %s', async (_, headersOf) => {
    const { key } = (await make({})).json as Made;
    expect((await predict(null, headersOf(key))).status).toBe(200);
  });

  test.each<[string, (key: string) => Record<string, string>]>([
    ['Basic', (key) => ({ Authorization: `Basic ${key}` })],
    ['Bearer without a space', (key) => ({ Authorization: `Bearer${key}` })],
    ['two bearer tokens', (key) => ({ Authorization: `Bearer ${key} ${key}` })],
    ['SigV4 without a scope behind it', (key) => ({ Authorization: `AWS4-HMAC-SHA256 Credential=${key}` })],
    ['SigV4 of another kind', (key) => ({ Authorization: `AWS4-ECDSA-P256-SHA256 Credential=${key}/x` })],
    ['a query', () => ({})],
    ['a shortened one', (key) => ({ Authorization: `Bearer ${key.slice(0, -1)}` })],
    ['one in capitals', (key) => ({ Authorization: `Bearer ${key.toUpperCase()}` })],
  ])('is not taken as %s', async (_, headersOf) => {
    const { key } = (await make({})).json as Made;
    expect((await predict(null, headersOf(key))).status).toBe(401);
  });

  test('tells the gateway which tenant to count', async () => {
    const event = { type: 'REQUEST', methodArn: 'arn:x', httpMethod: 'GET', headers: { 'x-api-key': tenantAdmin } };
    expect(await house.process.authorize(event as never)).toMatchObject({
      usageIdentifierKey: 'meter-own',
      context: { tenant: 'own', scopes: 'admin', models: 'own-* shared' },
      policyDocument: { Statement: [{ Effect: 'Allow', Resource: 'arn:x' }] },
    });
  });
});

describe('an admin of some models', () => {
  test.each<[string, object]>([
    ['one of its models', { models: ['own-a'] }],
    ['its own pattern', { models: ['own-*'] }],
    ['a narrower pattern', { models: ['own-b*', 'own-*-eu'] }],
    ['all that it has', { models: ['own-*', 'shared'] }],
    ['its own scope', { scopes: ['admin', 'deploy', 'predict'] }],
    ['its own tenant by name', { tenant: 'own' }],
  ])('grants %s', async (_, grant) => {
    expect((await make(grant)).status).toBe(201);
  });

  test.each<[string, object]>([
    ['every model', { models: ['*'] }],
    ['every model by two stars', { models: ['**'] }],
    ['a pattern that reaches further', { models: ['o*'] }],
    ['a pattern beside its own', { models: ['*own-'] }],
    ['another model', { models: ['other-a'] }],
    ['another model among its own', { models: ['own-a', 'other-a'] }],
    ['what only begins alike', { models: ['shared*'] }],
    ['another tenant', { tenant: 'other' }],
    ['its models to another tenant', { tenant: 'default', models: ['own-a'] }],
  ])('does not grant %s', async (_, grant) => {
    const before = (await list(house.admin)).length;
    expect((await make(grant)).status).toBe(403);
    expect(await list(house.admin)).toHaveLength(before);
  });

  test('sees and revokes the keys of its tenant that reach no further than its own', async () => {
    const within = await house.key({ name: 'within', tenant: 'own', models: ['own-a'] });
    const beyond = await house.key({ name: 'beyond', tenant: 'own', models: ['*'] });
    const foreign = await house.key({ name: 'foreign', tenant: 'other', models: ['own-a'] });
    const names = (await list()).map((key) => (key as unknown as { name: string }).name);
    expect(names.toSorted()).toEqual(['test', 'within']);
    const all = (await list(house.admin)) as unknown as { name: string; id: string }[];
    const idOf = (name: string) => all.find((key) => key.name === name)?.id as string;
    expect((await revoke(idOf('within'))).status).toBe(204);
    expect((await revoke(idOf('beyond'))).status).toBe(404);
    expect((await revoke(idOf('foreign'))).status).toBe(404);
    house.pass(5_000);
    expect((await predict(within)).status).toBe(401);
    expect((await predict(beyond)).status).toBe(200);
    expect((await predict(foreign)).status).toBe(200);
  });

  test('may erase its own models, and no other', async () => {
    const erase = (model: string) => house.api({ method: 'DELETE', path: `/v1/models/${model}`, key: tenantAdmin });
    expect((await erase('other-a')).status).toBe(404);
    expect((await erase('own-a')).status).toBe(204);
  });
});

test('an admin of all models rules every tenant', async () => {
  expect((await make({ tenant: 'other', models: ['*'] }, house.admin)).status).toBe(201);
  expect(await list(house.admin)).toHaveLength(3);
});

test.each(['predict', 'deploy'] as const)('a key with scope %s makes, lists and revokes none', async (scope) => {
  const key = await house.key({ scopes: [scope], models: ['*'] });
  expect((await make({}, key)).status).toBe(403);
  expect((await house.api({ path: '/v1/keys', key })).status).toBe(403);
  expect((await revoke('0123456789abcdef', key)).status).toBe(403);
});

const REFUSED: [string, unknown][] = [
  ['nothing', {}],
  ['no name', { scopes: ['predict'], models: ['a'] }],
  ['an empty name', { name: '', scopes: ['predict'], models: ['a'] }],
  ['a name too long', { name: 'n'.repeat(101), scopes: ['predict'], models: ['a'] }],
  ['no scope', { name: 'n', scopes: [], models: ['a'] }],
  ['an unknown scope', { name: 'n', scopes: ['root'], models: ['a'] }],
  ['the scope open', { name: 'n', scopes: ['open'], models: ['a'] }],
  ['a scope that is a text', { name: 'n', scopes: 'predict', models: ['a'] }],
  ['no model', { name: 'n', scopes: ['predict'], models: [] }],
  ['a pattern with a space', { name: 'n', scopes: ['predict'], models: ['a b'] }],
  ['a pattern with a slash', { name: 'n', scopes: ['predict'], models: ['a/*'] }],
  ['101 patterns', { name: 'n', scopes: ['predict'], models: Array(101).fill('a') }],
  ['an id of its own', { name: 'n', scopes: ['predict'], models: ['a'], id: '0'.repeat(16) }],
  ['a secret of its own', { name: 'n', scopes: ['predict'], models: ['a'], key: 'secret' }],
  ['a tenant with a slash', { name: 'n', scopes: ['predict'], models: ['a'], tenant: 'a/b' }],
  ['a list', []],
];

test.each(REFUSED)('a key is refused that states %s', async (_, body) => {
  const reply = await house.api({ method: 'POST', path: '/v1/keys', body });
  expect(reply.status, reply.text).toBe(400);
});

describe('a pattern', () => {
  test.each<[string, string, boolean]>([
    ['iris', 'iris', true],
    ['iris', 'iris2', false],
    ['*', 'anything', true],
    ['own-*', 'own-', true],
    ['own-*', 'own-a-b', true],
    ['own-*', 'owned', false],
    ['*-eu', 'iris-eu', true],
    ['*-eu', '-eu', true],
    ['*-eu', 'iris-eu-2', false],
    ['a*b', 'ab', true],
    ['a*b', 'a', false],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['a*b*c', 'a-c-b-c', true],
    ['a*b*c', 'acb', false],
    ['**', 'x', true],
    ['', 'x', false],
  ])('%s covers %s: %s', (pattern, name, expected) => {
    expect(covers([pattern], name)).toBe(expected);
  });
});
