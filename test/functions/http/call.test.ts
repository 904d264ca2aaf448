import { deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../../functions/http/limits.ts';
import { type House, openHouse, type Request } from '../house.ts';
import { knownModels } from '../models.ts';
import { errorOf, expectPredictions, predictionsOf } from '../replies.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse(['line']);
});

const { rows, predictions } = knownModels.line;
const body = JSON.stringify({ instances: rows });
const predict = (more: Partial<Request>) =>
  house.api({ method: 'POST', path: '/v1/models/line:predict', body, ...more });

describe('a prediction reaches its function', () => {
  test.each<[string, Partial<Request>]>([
    ['without Content-Type or Accept', {}],
    ['with a Content-Type that is wrong', { headers: { 'content-type': 'text/plain' } }],
    ['behind the base path of a custom domain', { basePath: '/models' }],
    ['behind two', { basePath: '/a/b' }],
    ['with a colon that is encoded', { path: '/v1/models/line%3Apredict' }],
    ['with letters that are encoded', { path: '/v1/models/l%69ne:predict' }],
    ['with a slash at the end', { path: '/v1/models/line:predict/' }],
    ['with header names in capitals', { headers: { 'CONTENT-TYPE': 'application/json' } }],
    ['with a body that came as text', { alter: (event) => Object.assign(event, { body, isBase64Encoded: false }) }],
    ['with a byte order mark', { body: `\ufeff${body}` }],
    ['compressed by gzip', { body: gzipSync(body), headers: { 'Content-Encoding': 'gzip' } }],
    ['compressed by x-gzip', { body: gzipSync(body), headers: { 'content-encoding': 'X-GZIP' } }],
    ['compressed by deflate', { body: deflateSync(body), headers: { 'Content-Encoding': ' deflate ' } }],
    ['compressed by nothing', { headers: { 'Content-Encoding': 'identity' } }],
    ['with an empty Content-Encoding', { headers: { 'Content-Encoding': '' } }],
    ['with its key as x-api-key', { key: null, headers: {} }],
  ])('%s', async (_, more) => {
    const key = more.key === null ? { key: null, headers: { 'X-Api-Key': house.admin } } : {};
    expectPredictions(await predict({ ...more, ...key }), predictions);
  });

  test('with multi-value headers only', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const alter: Request['alter'] = (event) => Object.assign(event, { headers: null });
    expectPredictions(await predict({ body: gzipSync(body), headers, alter }), predictions);
  });

  test('with no headers at all', async () => {
    const alter: Request['alter'] = (event) => Object.assign(event, { headers: null, multiValueHeaders: null });
    expectPredictions(await predict({ alter }), predictions);
  });
});

describe('a body is refused', () => {
  test.each<[string, Partial<Request>, number, string]>([
    ['that is not there', { body: undefined }, 400, 'not empty'],
    ['that is no UTF-8', { body: Uint8Array.of(0x22, 0xc3, 0x28, 0x22) }, 400, 'UTF-8 at byte 2'],
    ['of an encoding unknown', { headers: { 'Content-Encoding': 'br' } }, 415, 'gzip, deflate or identity'],
    ['of two encodings', { headers: { 'Content-Encoding': 'gzip, deflate' } }, 415, 'gzip, deflate or identity'],
    ['of an encoding named constructor', { headers: { 'Content-Encoding': 'constructor' } }, 415, '"constructor"'],
    ['of an encoding named __proto__', { headers: { 'Content-Encoding': '__proto__' } }, 415, '"__proto__"'],
    ['that is no gzip', { headers: { 'Content-Encoding': 'gzip' } }, 400, 'must be gzip'],
    [
      'that is gzip cut short',
      { body: gzipSync(body).subarray(0, 30), headers: { 'Content-Encoding': 'gzip' } },
      400,
      'must be gzip',
    ],
    [
      'that is a gzip bomb',
      { body: gzipSync(Buffer.alloc(50_000_000)), headers: { 'Content-Encoding': 'gzip' } },
      413,
      'uploads',
    ],
    ['that is too large', { body: `${body}${' '.repeat(MAX_BODY_BYTES)}` }, 413, 'uploads'],
  ])('%s', async (_, more, status, words) => {
    const reply = await predict(more);
    expect(reply.status).toBe(status);
    expect(errorOf(reply)).toContain(words);
  });

  test('one byte above the limit, and none at it', async () => {
    const padded = (length: number) => body.padEnd(length, ' ');
    expect((await predict({ body: padded(MAX_BODY_BYTES) })).status).toBe(200);
    expect((await predict({ body: padded(MAX_BODY_BYTES + 1) })).status).toBe(413);
  });
});

test('an answer above the limit is a 413 that says what to ask for', async () => {
  const instances = Array.from({ length: 300_000 }, (_, i) => i / 3);
  const reply = await predict({ body: JSON.stringify({ instances }) });
  expect(reply.status).toBe(413);
  expect(errorOf(reply)).toContain('fewer rows');
});

test('an authorizer that named nobody opens nothing', async () => {
  const alter: Request['alter'] = (event) =>
    Object.assign(event.requestContext, { authorizer: { principalId: 'preflight' } });
  expect((await predict({ alter })).status).toBe(401);
});

test('a late answer is a 504, and never a wrong one', async () => {
  const { event } = await import('../house.ts').then(({ eventOf }) =>
    eventOf({ method: 'POST', path: '/v1/models/line:predict', body }),
  );
  event.requestContext.authorizer = { key: 'k', tenant: 't', scopes: 'predict', models: '*' };
  house.registry.before = () => new Promise((resolve) => setTimeout(resolve, 50));
  house.pass(10_000);
  const context = { getRemainingTimeInMillis: () => 0 } as Parameters<typeof house.process.predict>[1];
  const { statusCode, body: answer } = await house.process.predict(event, context);
  house.registry.before = () => {};
  expect(statusCode).toBe(504);
  expect(JSON.parse(answer)).toEqual({ error: expect.stringContaining('in time') });
  expect(predictionsOf(await predict({}))).toHaveLength(predictions.length);
});
