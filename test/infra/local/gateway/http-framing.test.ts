import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gateway } from '../../../../infra/local/gateway/gateway.ts';
import { type Echo, echoGateway, functions } from './echo.ts';
import { type Exchange, exchange, type RawResponse, type Step } from './raw-exchange.ts';

const LIMIT = 1_000;
const ENOUGH_MS = 250;
const HEADER_BYTES = 10_240;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await echoGateway({
    limits: { bodyBytes: LIMIT, headersMs: ENOUGH_MS, bodyMs: ENOUGH_MS, lingerMs: 300 },
    functions: {
      ...functions,
      control: async (event, context) => {
        await new Promise((wake) => setTimeout(wake, 80));
        return functions.control(event, context);
      },
    },
  });
});
afterAll(() => gateway.close());

const KEY = 'Host: a\r\nx-api-key: k\r\n';
const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\n${KEY}${headers}\r\n`;
const post = (headers: string, body = ''): string => `POST /v2/models/m/infer HTTP/1.1\r\n${KEY}${headers}\r\n${body}`;
const sized = (size: number): string => post(`Content-Length: ${size}\r\n`, 'x'.repeat(size));
const slow = `GET /v1/keys HTTP/1.1\r\n${KEY}\r\n`;
const chunk = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const EXPECTING = 'Expect: 100-continue\r\n';

const echoOf = ({ body }: RawResponse): Echo => JSON.parse(body);
const sentBody = (response: RawResponse): string =>
  Buffer.from(echoOf(response).event.body ?? '', 'base64').toString('latin1');

interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly statuses: readonly number[];
  readonly holds?: (response: RawResponse, whole: Exchange) => void;
}

const of = (
  name: string,
  steps: Step | readonly Step[],
  statuses: number | readonly number[],
  holds?: Case['holds'],
): Case => ({ name, steps: [steps].flat(), statuses: [statuses].flat(), ...(holds && { holds }) });

const hasPath = (path: string, resource: string) => (response: RawResponse) =>
  expect(echoOf(response).event).toMatchObject({ path, resource });
const hasBody = (body: string) => (response: RawResponse) => expect(sentBody(response)).toBe(body);
const ends = (_response: RawResponse, whole: Exchange) => expect(whole.ended).toBe(true);
const saying = (words: RegExp) => (response: RawResponse) => expect(JSON.parse(response.body).error).toMatch(words);

const heads: Case[] = [
  of('a plain request', get('/v2/models'), 200, hasPath('/v2/models', '/v2/models')),
  of('an empty line before it', `\r\n${get('/v2/models')}`, 200),
  of('HTTP/1.0 without a host', 'GET /v2/models HTTP/1.0\r\nx-api-key: k\r\n\r\n', 200, ({ headers }) =>
    expect(headers.connection).toBe('close'),
  ),
  of('HTTP/1.0 kept alive', `GET /v2 HTTP/1.0\r\n${KEY}Connection: keep-alive\r\n\r\n`, 200, ({ headers }) =>
    expect(headers.connection).toBe('keep-alive'),
  ),
  of('HTTP/1.1 without a host', 'GET /v2 HTTP/1.1\r\nx-api-key: k\r\n\r\n', 400, saying(/no Host/)),
  of('two hosts', get('/v2', 'HOST: b\r\n'), 400, saying(/more than one Host/)),
  of('a method nobody knows', `BREW /v2 HTTP/1.1\r\n${KEY}\r\n`, 400),
  of('a method in small letters', `get /v2 HTTP/1.1\r\n${KEY}\r\n`, 400),
  of('a method that no route has', `PROPFIND /v2 HTTP/1.1\r\n${KEY}\r\n`, 200, hasPath('/v2', '/{proxy+}')),
  of('QUERY without a type', `QUERY /v2 HTTP/1.1\r\n${KEY}Content-Length: 2\r\n\r\nab`, 200, hasBody('ab')),
  of('CONNECT', `CONNECT example.com:443 HTTP/1.1\r\n${KEY}\r\n`, 400, saying(/proxy/)),
  of('an upgrade that is not taken', get('/v2', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), 200),
  of('garbage', '\x01\x02\x03\r\n\r\n', 400),
  of('a TLS client', Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3), 400),
  of('an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400),
  of('a version that is none', `GET /v2 HTTP/9.9\r\n${KEY}\r\n`, 400),
  of('no version, no headers', 'GET /v2\r\n\r\n', 400),
  of('a header without a colon', get('/v2', 'nonsense\r\n'), 400),
  of('a header with a space in its name', get('/v2', 'a b: c\r\n'), 400),
  of('a space before the colon', get('/v2', 'Content-Length : 0\r\n'), 400),
  of('a folded header', get('/v2', 'X-A: b\r\n\tc\r\n'), 400),
  of('NUL in a header', get('/v2', 'X-A: b\0c\r\n'), 400),
  of('line feeds alone', 'GET /v2 HTTP/1.1\nHost: a\nx-api-key: k\n\n', 400),
  of('a header sent twice', get('/v2', 'X-A: 1\r\nX-A: 2\r\n'), 200, (response) => {
    expect(echoOf(response).event.headers['X-A']).toBe('2');
    expect(echoOf(response).event.multiValueHeaders['X-A']).toEqual(['1', '2']);
  }),
  of('a header named __proto__', get('/v2', '__proto__: 1\r\nconstructor: 2\r\n'), 200, ({ body }) =>
    expect(body).toContain('"__proto__":["1"]'),
  ),
  of('headers as large as they may be', get('/v2', `X-A: ${'a'.repeat(HEADER_BYTES - 200)}\r\n`), 200),
  of('one header too large', get('/v2', `X-A: ${'a'.repeat(HEADER_BYTES)}\r\n`), 431, saying(/10240 bytes/)),
  of('too many headers', get('/v2', 'X-A: b\r\n'.repeat(5_000)), 431, ends),
  of('an expectation that is none of ours', post('Expect: 200-ok\r\n'), 417, saying(/100-continue/)),
  of('no key', 'GET /v2 HTTP/1.1\r\nHost: a\r\n\r\n', 401),
];

const targets: Case[] = [
  of('a whole address', get('http://b/v2/models?a=1'), 200, hasPath('/v2/models', '/v2/models')),
  of('a whole address without a path', get('http://b'), 200, hasPath('/', '/')),
  of('a whole address with a query only', get('http://b?a=1'), 200, hasPath('/', '/')),
  of('an asterisk', `OPTIONS * HTTP/1.1\r\n${KEY}\r\n`, 200, hasPath('/', '/{proxy+}')),
  of('a target that is none', get('v2/models'), 400),
  of('NUL', get('/v2/\0'), 400),
  of('NUL, encoded', get('/v2/models/%00'), 200, hasPath('/v2/models/%00', '/v2/models/{model}')),
  of('a percent that encodes nothing', get('/v2/models/%zz'), 200, hasPath('/v2/models/%zz', '/v2/models/{model}')),
  of('a half character', get('/nowhere/%c3'), 200, hasPath('/nowhere/%c3', '/{proxy+}')),
  of('traversal', get('/../../etc/passwd'), 200, hasPath('/../../etc/passwd', '/{proxy+}')),
  of('traversal, encoded', get('/%2e%2e/%2e%2e/etc'), 200, hasPath('/%2e%2e/%2e%2e/etc', '/{proxy+}')),
  of(
    'traversal in a name',
    get('/v1/models/..%2f..%2fa'),
    200,
    hasPath('/v1/models/..%2f..%2fa', '/v1/models/{model}'),
  ),
  of('a slash at the end', get('/v2/'), 200, hasPath('/v2/', '/v2')),
  of('slashes doubled', get('//v2//models'), 200, hasPath('//v2//models', '/{proxy+}')),
  of('10,000 characters', get(`/${'a'.repeat(9_999)}`), 200, hasPath(`/${'a'.repeat(9_999)}`, '/{proxy+}')),
  of('10,000 characters of a name', get(`/v2/models/${'a'.repeat(9_900)}`), 200),
  of('20,000 characters', get(`/${'a'.repeat(20_000)}`), 431),
  of('bytes beyond ASCII', Buffer.from(get('/v2/models/mod\u00e9l'), 'latin1'), 400),
  of('an empty query', get('/v2?'), 200, (response) => expect(echoOf(response).event.queryStringParameters).toBeNull()),
];

const bodies: Case[] = [
  of('by its length', sized(5), 200, hasBody('xxxxx')),
  of('of length 0', sized(0), 200, (response) => expect(echoOf(response).event.body).toBeNull()),
  of('of a GET', get('/v2', 'Content-Length: 2\r\n').concat('ab'), 200, hasBody('ab')),
  of('byte by byte', [post('Content-Length: 4\r\n'), 'a', 5, 'b', 5, 'c', 5, 'd'], 200, hasBody('abcd')),
  of('in chunks', [post(CHUNKED), chunk('abc'), chunk('de'), '0\r\n\r\n'], 200, hasBody('abcde')),
  of('in no chunks', post(CHUNKED, '0\r\n\r\n'), 200, (response) => expect(echoOf(response).event.body).toBeNull()),
  of('in chunks with extensions', post(CHUNKED, '3;a=b\r\nabc\r\n0\r\n\r\n'), 200, hasBody('abc')),
  of('in chunks with a trailer', post(CHUNKED, `${chunk('abc')}0\r\nX-Sum: 1\r\n\r\n`), 200, hasBody('abc')),
  of('as large as it may be', sized(LIMIT), 200, hasBody('x'.repeat(LIMIT))),
  of('one byte larger', sized(LIMIT + 1), 413, saying(/\/uploads/)),
  of('a little larger, all of it sent', sized(LIMIT * 100), 413),
  of(
    'in chunks that add up to too much',
    [post(CHUNKED), chunk('a'.repeat(900)), 5, chunk('a'.repeat(200))],
    413,
    ends,
  ),
  of('of ten gigabytes, said and not sent', post('Content-Length: 10000000000\r\n'), 413, ends),
  of('of a length beyond 64 bits', post('Content-Length: 99999999999999999999\r\n'), 400),
  of('of a negative length', post('Content-Length: -1\r\n', 'a'), 400),
  of('of no number', post('Content-Length: five\r\n', 'abcde'), 400),
  of('of two lengths', post('Content-Length: 1\r\nContent-Length: 2\r\n', 'ab'), 400),
  of('of a length and in chunks', post(`Content-Length: 3\r\n${CHUNKED}`, '0\r\n\r\n'), 400),
  of('in a coding that has no end', post('Transfer-Encoding: gzip\r\n', 'abc'), 400),
  of('in chunks of no size', [post(CHUNKED), 5, 'zz\r\nabc\r\n'], 400, ends),
  of('in a chunk longer than it says', [post(CHUNKED), 5, '1\r\nabc\r\n0\r\n\r\n'], 400, ends),
  of('in chunks, cut off', [post(CHUNKED), '5\r\nab', 5, 'FIN'], 400, ends),
  of('cut off', [post('Content-Length: 9\r\n', 'ab'), 5, 'FIN'], 400, ends),
  of('shorter than it says', post('Content-Length: 9\r\n', 'ab'), 408, saying(/body did not arrive/)),
  of('longer than it says', post('Content-Length: 2\r\n', 'abcd\r\n\r\n'), [200, 400], hasBody('ab')),
  of('dripping', [post('Content-Length: 9\r\n'), ...Array(5).fill(['a', 80]).flat()], 408, ends),
  of('held back until it is asked for', [post(`${EXPECTING}Content-Length: 2\r\n`), 30, 'ab'], [100, 200]),
  of('held back and too large', post(`${EXPECTING}Content-Length: ${LIMIT + 1}\r\n`), 413),
  of(
    'held back without a key',
    `POST /v2/models/m/infer HTTP/1.1\r\nHost: a\r\n${EXPECTING}Content-Length: 2\r\n\r\n`,
    401,
  ),
];

const connections: Case[] = [
  of('three in a row', `${get('/v2')}${sized(3)}${get('/ping')}`, [200, 200, 200]),
  of('a slow one before a quick one', slow + get('/v2'), [200, 200], (response) =>
    expect(echoOf(response).event.path).toBe('/v1/keys'),
  ),
  of('a slow one before garbage', `${slow}garbage\r\n\r\n`, [200, 400]),
  of('a slow one before a body too large', slow + sized(LIMIT + 1), [200, 413]),
  of('a refused one before a good one', `GET /v2 HTTP/1.1\r\nHost: a\r\n\r\n${get('/v2')}`, [401, 200]),
  of('headers that never end', [`GET /v2 HTTP/1.1\r\n${KEY}`], 408, saying(/headers did not arrive within 0.25 s/)),
  of('headers that drip', ['GET /v2 HTTP/1.1\r\n', ...Array(8).fill([80, 'X-A: b\r\n']).flat()], 408, ends),
  of('silence', [], 408, ends),
  of('hanging up in mid-request', ['GET /v2 HT', 5, 'FIN'], 400, ends),
  of('hanging up while the function works', [slow, 5, 'FIN'], [], ends),
  of('the last one', get('/v2', 'Connection: close\r\n'), 200, ({ headers }) =>
    expect(headers.connection).toBe('close'),
  ),
];

describe.each([
  ['a request head', heads],
  ['a target', targets],
  ['a body', bodies],
  ['a connection', connections],
])('%s', (_part, cases) => {
  test.each(cases)('$name: $statuses', async ({ steps, statuses, holds }) => {
    const whole = await exchange(gateway.url, steps, holds === ends ? Number.POSITIVE_INFINITY : statuses.length || 1);
    expect(whole.responses.map(({ status }) => status)).toEqual(statuses);
    expect(whole.reset).toBe(false);
    for (const response of whole.responses) if (response.status >= 400) expectRefusal(response);
    holds?.(whole.responses[0] as RawResponse, whole);
    await expectHealthy();
  });
});

test('HEAD goes to the fallback, and its answer has no body', async () => {
  const whole = await exchange(gateway.url, [`HEAD /v2 HTTP/1.1\r\n${KEY}\r\n${get('/ping')}`], 1, true);
  expect(whole.responses[0]?.status).toBe(200);
  expect(Number(whole.responses[0]?.headers['content-length'])).toBeGreaterThan(0);
  expect(whole.responses[0]?.body).toBe('');
});

test('a client that reads only once it has sent all of a body too large can still read why', async () => {
  // Sending so much takes longer, on a busy machine, than the others may take.
  const patient = await echoGateway({
    limits: { bodyBytes: LIMIT, headersMs: 10_000, bodyMs: 10_000, lingerMs: 10_000 },
  });
  const { hostname, port } = new URL(patient.url);
  for (let round = 0; round < 5; round++) {
    const socket = connect(Number(port), hostname).pause();
    const whole = new Promise((sent, failed) => socket.once('error', failed).write(sized(20_000_000), sent));
    await whole;
    await new Promise((wake) => setTimeout(wake, 20));
    const answer = await socket.setEncoding('utf8').toArray();
    expect(answer.join('')).toMatch(/^HTTP\/1.1 413 .*"error":/s);
  }
  await patient.close();
});

/** Ours: JSON that says what is wrong, a request id, and open to a browser of any origin. */
function expectRefusal({ headers, body }: RawResponse): void {
  const { error, message } = JSON.parse(body);
  expect(error).toMatch(/.{20}/);
  expect(message).toBe(error);
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'access-control-allow-origin': '*' });
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
}

async function expectHealthy(): Promise<void> {
  const { responses } = await exchange(gateway.url, [sized(3)], 1);
  expect(sentBody(responses[0] as RawResponse)).toBe('xxx');
}
