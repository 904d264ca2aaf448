import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resultDoor } from '../../../infra/local/result-door.ts';
import { memoryStore } from '../../memory-store.ts';

const registry = memoryStore();
const KEY = 'jobs/predictions/1/result-1';
let now = 0;
let app: FastifyInstance;
let presign: ReturnType<typeof resultDoor>['presign'];

beforeEach(async () => {
  now = 0;
  const results = resultDoor({ registry, now: () => now });
  presign = results.presign;
  app = fastify();
  await app.register(results.door);
  await registry.create(KEY, Buffer.from('{"predictions":[1]}')).catch(() => undefined);
});
afterEach(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });

it('gives what the URL names, as what it says, for 15 minutes', async () => {
  const url = presign('', KEY, 'application/json');
  now = 15 * 60_000;
  const answer = await get(url);
  expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'application/json',
    '{"predictions":[1]}',
  ]);
  now += 1;
  expect((await get(url)).statusCode).toBe(403);
});

it('gives nothing for a URL that it has not made, or of which a letter is changed', async () => {
  const url = presign('', KEY);
  const forged = Buffer.from(JSON.stringify({ key: KEY, contentType: 'x', expires: 1e15 })).toString('base64url');
  for (const wrong of ['/results/', '/results/x', `/results/${forged}`, `/results/${forged}.${url.split('.')[1]}`]) {
    expect([wrong, (await get(wrong)).statusCode]).toEqual([wrong, 403]);
  }
  expect((await get(presign('', 'jobs/predictions/2/result-1'))).statusCode).toBe(403);
});
