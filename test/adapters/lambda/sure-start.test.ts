import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { InvokeFailed } from '../../../adapters/lambda/failures.ts';
import { sureStart } from '../../../adapters/lambda/sure-start.ts';
import { bodyOf, type FakeServer, fakeServer } from '../../apps/client/fake-server.ts';

let server: FakeServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function startAt(listener: RequestListener) {
  server = await fakeServer(listener);
  const session = {
    region: 'eu-north-1',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'secret',
    sessionToken: 'session',
    endpoint: server.url,
  };
  return sureStart({ session, functionName: 'modeldrop-dev-jobs', pauseMs: 1 });
}

describe('a function that is to run for sure', () => {
  test('is asked as an event, signed for Lambda, and waited for until Lambda has taken it', async () => {
    const asked: object[] = [];
    const start = await startAt(({ url, headers }, response) => {
      asked.push({ url, headers });
      response.writeHead(202).end();
    });
    await start({ job: '0a' });
    expect(asked).toMatchObject([
      {
        url: '/2015-03-31/functions/modeldrop-dev-jobs/invocations',
        headers: {
          'x-amz-invocation-type': 'Event',
          'x-amz-security-token': 'session',
          authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-north-1\/lambda\//),
        },
      },
    ]);
  });

  test('is asked again where Lambda is throttled, broken or gone', async () => {
    const answers = [429, 500, undefined, 202];
    const bodies: string[] = [];
    const start = await startAt(async (request, response) => {
      bodies.push(await bodyOf(request));
      const status = answers[bodies.length - 1];
      if (status === undefined) request.socket.destroy();
      else response.writeHead(status).end('{}');
    });
    await start({ job: '0a' });
    expect(bodies).toEqual(Array(4).fill('{"job":"0a"}'));
  });

  test.each([
    ['that is not there is not asked again', 404, 1],
    ['that may not be asked is not asked again', 403, 1],
    ['is given up where Lambda stays throttled', 429, 4],
    ['is given up where Lambda answers without taking it', 500, 4],
  ])('%s', async (_, status, tries) => {
    let asked = 0;
    const start = await startAt((_request, response) => {
      asked += 1;
      response.writeHead(status).end('{}');
    });
    const failed = start({ job: '0a' });
    await expect(failed).rejects.toThrow(InvokeFailed);
    await expect(failed).rejects.toMatchObject({ status: 503, cause: { message: `Lambda answered ${status}` } });
    expect(asked).toBe(tries);
  });
});
