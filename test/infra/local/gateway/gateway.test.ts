import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { afterEach, describe, expect, test } from 'vitest';
import type { Gateway, GatewayOptions } from '../../../../infra/local/gateway/gateway.ts';
import { UnfitInput } from '../../../../models/errors.ts';
import { authorize, type Echo, echoGateway, functions } from './echo.ts';
import { exchange } from './raw-exchange.ts';

const started: Gateway[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.close()));
});

async function start(options: Partial<GatewayOptions> = {}): Promise<string> {
  const gateway = await echoGateway(options);
  started.push(gateway);
  return gateway.url;
}

/** A gateway whose `predict` answers this. */
const answering = (result: unknown): Promise<string> =>
  start({ functions: { ...functions, predict: async () => result as APIGatewayProxyResult } });

const predict = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/v2/models/m/infer`, { method: 'POST', body: '{}', headers: { 'x-api-key': 'acme.1' }, ...init });

const errorOf = async (response: Response): Promise<string> => ((await response.json()) as { error: string }).error;

describe('more requests at once than are worked on', () => {
  test('are told to come back, and harm none of the others', async () => {
    const { promise: freed, resolve: free } = Promise.withResolvers<void>();
    const url = await start({
      limits: { inFlight: 3 },
      functions: {
        ...functions,
        predict: async (event, context) => {
          await freed;
          return functions.predict(event, context);
        },
      },
    });
    const taken = Array.from({ length: 3 }, () => predict(url));
    await pause(50);
    const refused = await Promise.all(Array.from({ length: 20 }, () => predict(url)));
    for (const response of refused) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await errorOf(response)).toBe(
        'more requests came at once than can be answered quickly; try again in a moment',
      );
      expect(response.headers.get('connection')).toBe('keep-alive');
    }
    free();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await predict(url)).status).toBe(200);
  });

  test('that have waited too long for each other are told so, and the first are answered', async () => {
    const url = await start({
      limits: { turnRequests: 2, turnMs: 5 },
      functions: {
        ...functions,
        predict: async (event, context) => {
          const until = performance.now() + 20;
          while (performance.now() < until);
          return functions.predict(event, context);
        },
      },
    });
    const one = 'POST /v2/models/m/infer HTTP/1.1\r\nhost: m\r\nx-api-key: acme.1\r\ncontent-length: 2\r\n\r\n{}';
    const { responses, ended } = await exchange(url, [one.repeat(6)], 6);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 503, 503, 503, 503]);
    expect(responses[5]?.headers['retry-after']).toBe('1');
    expect(ended).toBe(false);
    expect((await predict(url)).status).toBe(200);
  });
});

describe('a function', () => {
  test('is the one that the route table names', async () => {
    const url = await start();
    const named = async (method: string, path: string): Promise<string> => {
      const response = await fetch(url + path, { method, headers: { 'x-api-key': 'k' } });
      return ((await response.json()) as Echo).function;
    };
    expect(await named('POST', '/v1/models/m:predict')).toBe('predict');
    expect(await named('GET', '/v1/models/m')).toBe('catalog');
    expect(await named('DELETE', '/v1/models/m')).toBe('control');
    expect(await named('PATCH', '/v1/models/m')).toBe('catalog');
  });

  test('answers with its status, headers, cookies and bytes', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const url = await answering({
      statusCode: 422,
      headers: { 'X-One': 1, 'x-true': true, 'content-type': 'application/octet-stream' },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
      body: Buffer.from(bytes).toString('base64'),
      isBase64Encoded: true,
    });
    const response = await predict(url);
    expect(response.status).toBe(422);
    expect(response.headers.get('x-one')).toBe('1');
    expect(response.headers.get('x-true')).toBe('true');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('has no say in the framing of its answer', async () => {
    const headers = { 'Content-Length': 3, 'Transfer-Encoding': 'chunked', Connection: 'close' };
    const response = await predict(await answering({ statusCode: 200, headers, body: 'æøå' }));
    expect(await response.text()).toBe('æøå');
    expect(response.headers.get('content-length')).toBe('6');
    expect(response.headers.get('connection')).toBe('keep-alive');
  });

  test('may answer without a body', async () => {
    const response = await predict(await answering({ statusCode: 204 }));
    expect(response.status).toBe(204);
    expect(response.headers.get('content-length')).toBeNull();
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'hello'],
    ['no status', { body: '' }],
    ['a status that is text', { statusCode: '200', body: '' }],
    ['a status out of range', { statusCode: 99, body: '' }],
    ['a body that is an object', { statusCode: 200, body: {} }],
    ['a header of two lines', { statusCode: 200, headers: { a: 'b\r\nc: d' }, body: '' }],
    ['a header without a name', { statusCode: 200, headers: { '': 'b' }, body: '' }],
    ['more than Lambda carries', { statusCode: 200, body: 'x'.repeat(6_291_557) }],
  ])('that answers %s gives 502', async (_what, result) => {
    const response = await predict(await answering(result));
    expect(response.status).toBe(502);
    expect(await errorOf(response)).toMatch(/the function "predict" failed/);
  });

  test('that throws gives 502, its words kept to the log', async () => {
    const lines: object[] = [];
    const failing = (): never => {
      throw new Error('secret');
    };
    const url = await start({
      functions: { ...functions, predict: failing },
      log: { error: (_message, line) => lines.push(line) },
    });
    const response = await predict(url);
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('secret');
    const requestId = response.headers.get('x-request-id');
    expect(lines).toEqual([{ request_id: requestId, error: 'FunctionFailed', frames: expect.any(Array) }]);
  });

  test('that does not answer in time gives 504, and its late answer goes nowhere', async () => {
    const late = async (): Promise<APIGatewayProxyResult> => {
      await pause(120);
      throw new Error('too late');
    };
    const url = await start({ functions: { ...functions, predict: late }, limits: { timeoutMs: 50 } });
    const response = await predict(url);
    expect(response.status).toBe(504);
    expect(await errorOf(response)).toMatch(/"predict" did not answer within 0.05 s/);
    await pause(120);
    expect((await fetch(`${url}/v2/health/live`)).status).toBe(200);
  });
});

describe('a caller', () => {
  test.each([{}, { 'x-api-key': 'unknown' }])('with the headers %j is told how to bring a key', async (headers) => {
    const response = await predict(await start(), { headers });
    expect(response.status).toBe(401);
    expect(await errorOf(response)).toMatch(/"Authorization: Bearer <key>" or as "x-api-key: <key>"/);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('that is denied is told which scope is needed', async () => {
    const response = await predict(await start(), { headers: { 'x-api-key': 'denied' } });
    expect(response.status).toBe(403);
    expect(await errorOf(response)).toMatch(/may not POST .*"predict"/);
  });

  test('needs a key for what no route names, too', async () => {
    expect((await fetch(`${await start()}/nowhere`)).status).toBe(401);
  });

  test('that cannot be looked up gets 503', async () => {
    const failing = async (): Promise<never> => {
      throw new Error('the store is down');
    };
    const response = await predict(await start({ authorize: failing }));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.text()).not.toContain('store');
  });

  test('is held to the quota of its tenant, and no other tenant is', async () => {
    const url = await start({ quota: (tenant) => (tenant === 'acme' ? { rate: 0.1, burst: 2 } : undefined) });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await predict(url, { headers: { 'x-api-key': `acme.${i}` } })).status);
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await predict(url);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(refused.headers.get('connection')).toBe('keep-alive');
    expect(await errorOf(refused)).toMatch(/tenant "acme" may make 0.1 requests a second; try again in 10 s/);
    expect((await predict(url, { headers: { 'x-api-key': 'other.1' } })).status).toBe(200);
    expect((await fetch(`${url}/v2/health/live`)).status).toBe(200);
  });
});

describe('a large body', () => {
  test('of 4.5 MB arrives', async () => {
    const body = new Uint8Array(4_718_592).fill(7);
    const { event } = (await (await predict(await start({ limits: { answerBytes: 1e8 } }), { body })).json()) as Echo;
    expect(Buffer.from(event.body ?? '', 'base64').length).toBe(body.length);
  });

  test('that is slightly larger gets a 413 that can be read, every time', async () => {
    const url = await start();
    const body = new Uint8Array(4_718_593);
    for (let i = 0; i < 20; i++) {
      const response = await predict(url, { body });
      expect(response.status).toBe(413);
      expect(await errorOf(response)).toMatch(/4718592 bytes; .*POST \/v1\/models\/\{model\}\/uploads/);
    }
  });

  test('that is slightly larger and comes in chunks does, too', async () => {
    const url = await start();
    for (let i = 0; i < 10; i++) {
      const body = new Blob([new Uint8Array(4_800_000)]).stream();
      const response = await predict(url, { body, duplex: 'half' } as RequestInit);
      expect(response.status).toBe(413);
    }
  });

  test('of a caller without a key gets a 401 that can be read', async () => {
    const response = await predict(await start(), { body: new Uint8Array(4_000_000), headers: {} });
    expect(response.status).toBe(401);
  });
});

describe('a client that hangs up', () => {
  test('while it sends, while the function works, or while it is answered breaks nothing', async () => {
    const waiting = async (): Promise<APIGatewayProxyResult> => {
      await pause(20);
      return { statusCode: 200, body: 'x'.repeat(5_000_000) };
    };
    const url = await start({ functions: { ...functions, predict: waiting } });
    const { hostname, port } = new URL(url);
    const head = 'POST /v2/models/m/infer HTTP/1.1\r\nHost: a\r\nx-api-key: k\r\nContent-Length: 4\r\n\r\n';
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const socket = connect(Number(port), hostname);
        await once(socket, 'connect');
        socket.write(i % 3 === 0 ? head : `${head}abcd`);
        await pause(i % 3 === 2 ? 22 : 5);
        socket.resetAndDestroy();
      }),
    );
    await pause(60);
    expect((await predict(url)).status).toBe(200);
  });
});

describe('an extra route', () => {
  const uploads: GatewayOptions['extra'] = async (app) => {
    app.put<{ Params: { token: string } }>('/uploads/:token', async (request) => {
      let size = 0;
      for await (const chunk of request.raw) size += (chunk as Buffer).length;
      if (request.params.token === 'bad') throw new UnfitInput({ where: 'token', rule: 'must be good' });
      if (request.params.token === 'broken') throw new Error('secret');
      return { size };
    });
  };

  const put = (url: string, token: string, body: NonNullable<RequestInit['body']>, headers = {}): Promise<Response> =>
    fetch(`${url}/uploads/${token}`, { method: 'PUT', body, headers });

  test('streams a body past the limit of the others, of any type, and needs no key', async () => {
    const url = await start({ extra: uploads });
    for (const type of ['application/json', 'application/octet-stream', 'text/csv; charset=x']) {
      const response = await put(url, 'a', new Uint8Array(9_000_000), { 'content-type': type });
      expect(await response.json()).toEqual({ size: 9_000_000 });
    }
  });

  test('may be asked before it is sent to', async () => {
    const url = await start({ extra: uploads });
    const head = 'PUT /uploads/a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n';
    const { responses } = await exchange(url, [head, 30, 'ab'], 2);
    expect(responses.map(({ status }) => status)).toEqual([100, 200]);
  });

  test('fails in the shape of the others', async () => {
    const url = await start({ extra: uploads });
    const unfit = await put(url, 'bad', 'x');
    expect([unfit.status, await errorOf(unfit)]).toEqual([422, 'token must be good']);
    const broken = await put(url, 'broken', 'x');
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('secret');
    expect((await fetch(`${url}/uploads/a`)).status).toBe(401);
  });
});

describe('closing', () => {
  const slowly = (ms: number): GatewayOptions['functions'] => ({
    ...functions,
    predict: async () => {
      await pause(ms);
      return { statusCode: 200, body: 'done' };
    },
  });

  test('finishes what is in flight, ends its connection, and takes no more', async () => {
    let arrived = 0;
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    const held = async () => {
      arrived += 1;
      await promise;
      return { statusCode: 200, body: 'done' };
    };
    const gateway = await echoGateway({ limits: { turnRequests: 100 }, functions: { ...functions, predict: held } });
    const inFlight = Array.from({ length: 100 }, () => predict(gateway.url));
    while (arrived < 100) await pause(10);
    const closed = gateway.close();
    letGo();
    expect(gateway.close()).toBe(closed);
    for (const response of await Promise.all(inFlight)) {
      expect(response.headers.get('connection')).toBe('close');
      expect(await response.text()).toBe('done');
    }
    await closed;
    await expect(fetch(gateway.url)).rejects.toThrow();
  });

  test('ends idle and silent connections at once', async () => {
    const gateway = await echoGateway();
    const idle = exchange(gateway.url, ['GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n'], 2);
    const silent = exchange(gateway.url, [], 1);
    await pause(50);
    const before = performance.now();
    await gateway.close();
    expect(performance.now() - before).toBeLessThan(1_000);
    expect((await idle).responses).toHaveLength(1);
    expect((await silent).ended).toBe(true);
  });

  test('does not wait for ever', async () => {
    const gateway = await echoGateway({ functions: slowly(60_000), limits: { drainMs: 100 } });
    const hanging = predict(gateway.url).catch((error: Error) => error);
    await pause(50);
    await gateway.close();
    expect(await hanging).toBeInstanceOf(Error);
  });

  test('a port that is taken says so', async () => {
    const url = new URL(await start());
    await expect(echoGateway({ port: Number(url.port), authorize })).rejects.toThrow(/EADDRINUSE/);
  });
});
