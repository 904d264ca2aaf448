import { describe, expect, test } from 'vitest';
import { leanStart } from '../../../adapters/lambda/lean-start.ts';
import { bodyOf, fakeServer } from '../../apps/client/fake-server.ts';

const session = (endpoint: string) => ({
  region: 'eu-north-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'session',
  endpoint,
});

describe('a function that is started without waiting', () => {
  test('is asked as an event, signed for Lambda', async () => {
    const asked = Promise.withResolvers<{ url: string | undefined; headers: object; body: string }>();
    const server = await fakeServer(async (request, response) => {
      asked.resolve({ url: request.url, headers: request.headers, body: await bodyOf(request) });
      response.writeHead(202).end();
    });
    expect(leanStart({ session: session(server.url), functionName: 'Predict-1' })({ shadow: { model: 'm' } })).toBe(
      true,
    );
    expect(await asked.promise).toMatchObject({
      url: '/2015-03-31/functions/Predict-1/invocations',
      headers: {
        'x-amz-invocation-type': 'Event',
        'x-amz-security-token': 'session',
        authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-north-1\/lambda\//),
      },
      body: '{"shadow":{"model":"m"}}',
    });
    await server.close();
  });

  test('is asked no more while too many are under way, and again when they are done', async () => {
    const waiting: (() => void)[] = [];
    const server = await fakeServer((request, response) => {
      request.resume();
      waiting.push(() => response.writeHead(202).end());
    });
    const start = leanStart({ session: session(server.url), functionName: 'f', atOnce: 2 });
    expect([start({}), start({}), start({})]).toEqual([true, true, false]);
    await expect.poll(() => waiting.length).toBe(2);
    for (const answer of waiting) answer();
    await expect.poll(() => start({})).toBe(true);
    await server.close();
  });

  test('that is lost on the way is nobody’s error', async () => {
    const server = await fakeServer((request) => request.destroy());
    const start = leanStart({ session: session(server.url), functionName: 'f', atOnce: 1 });
    expect(start({})).toBe(true);
    await expect.poll(() => start({})).toBe(true);
    await server.close();
  });
});
