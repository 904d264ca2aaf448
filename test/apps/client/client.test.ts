import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../../apps/client/api-error.ts';
import { client } from '../../../apps/client/client.ts';
import { MOST_SENT_BYTES } from '../../../apps/client/start-job.ts';
import { Unreachable } from '../../../apps/client/unreachable.ts';
import { MAX_BODY_BYTES } from '../../../functions/http/limits.ts';
import { bodyOf, type FakeServer, fakeServer } from './fake-server.ts';

let server: FakeServer | undefined;
afterEach(() => server?.close());

async function clientOf(listener: RequestListener, path = '') {
  server = await fakeServer(listener);
  return client({ url: `${server.url}${path}`, key: 'some-key' });
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe('a call', () => {
  it('brings the key, and keeps the path of the stated URL', async () => {
    const seen: unknown[] = [];
    const platform = await clientOf(async (request, response) => {
      const { method, url, headers } = request;
      seen.push([method, url, headers.authorization, headers['content-type'], await bodyOf(request)]);
      response.end('{"predictions":[1]}');
    }, '/prod/');
    await platform.predict('iris', [[1, 2]], { probabilities: true });
    await platform.invoke('iris', 'x\n1\n');
    expect(seen).toEqual([
      [
        'POST',
        '/prod/v1/models/iris:predict',
        'Bearer some-key',
        'application/json',
        '{"instances":[[1,2]],"parameters":{"probabilities":true}}',
      ],
      ['POST', '/prod/v1/models/iris/invocations', 'Bearer some-key', 'text/csv', 'x\n1\n'],
    ]);
  });

  it('cannot be led to another path by a name', async () => {
    const paths: unknown[] = [];
    const platform = await clientOf((request, response) => {
      paths.push(request.url);
      response.end('{}');
    });
    await platform.card('../keys');
    expect(paths).toEqual(['/v1/models/..%2Fkeys/card']);
  });
});

describe('a job', () => {
  const jobAs = (state: string) => JSON.stringify({ id: '0a', model: 'iris', state });

  it('is started under a key of the caller’s, as a prediction is asked for', async () => {
    const seen: unknown[] = [];
    const platform = await clientOf(async (request, response) => {
      const { method, url, headers } = request;
      seen.push([method, url, headers['idempotency-key'], await bodyOf(request)]);
      response.writeHead(202).end(jobAs('queued'));
    });
    const { id } = await platform.startJob('iris', [[1, 2]], { probabilities: true, idempotencyKey: 'order-17' });
    await platform.startJob('iris', [[1, 2]]);
    expect(id).toBe('0a');
    expect(seen).toEqual([
      ['POST', '/v1/models/iris/jobs', 'order-17', '{"instances":[[1,2]],"parameters":{"probabilities":true}}'],
      ['POST', '/v1/models/iris/jobs', undefined, '{"instances":[[1,2]]}'],
    ]);
  });

  describe('of more than one request may carry', () => {
    const request = {
      bytes: new Uint8Array(MOST_SENT_BYTES + 1).fill(7),
      headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': '0' },
    };
    const sha256 = createHash('sha256').update(request.bytes).digest('hex');
    const asking = `POST /v1/models/iris/jobs?upload=${sha256}&bytes=${MOST_SENT_BYTES + 1}`;
    let putStatus = 200;
    afterEach(() => {
      putStatus = 200;
    });
    /** Answers each call by the next of these, and says what was called, with how many bytes. */
    const answering = async (...answers: string[]) => {
      const [seen, keys]: [string[], unknown[]] = [[], []];
      const platform = await clientOf(async (call, response) => {
        let size = 0;
        for await (const chunk of call) size += chunk.length;
        seen.push(`${call.method} ${call.url}${size > 0 ? ` with ${size}` : ''}`);
        keys.push([call.headers['idempotency-key'], call.headers['inference-header-content-length']]);
        if (call.method === 'PUT') return void response.writeHead(putStatus).end();
        const place = { url: `${server?.url}/place`, method: 'PUT', headers: {}, expires: '' };
        response.end((answers.shift() ?? '').replace('PLACE', JSON.stringify(place)));
      });
      return { platform, seen, keys };
    };

    it('is asked for, uploaded, and asked for once more', async () => {
      const { platform, seen, keys } = await answering('PLACE', jobAs('queued'));
      const job = await platform.startJobOf('iris', request, { idempotencyKey: 'order-17' });
      expect(job.state).toBe('queued');
      expect(seen).toEqual([asking, `PUT /place with ${MOST_SENT_BYTES + 1}`, asking]);
      expect(keys[0]).toEqual(['order-17', '0']);
      expect(keys[2]).toEqual(keys[0]);
    });

    it('is not uploaded where the platform knows of it', async () => {
      const { platform, seen } = await answering(jobAs('succeeded'));
      expect((await platform.startJobOf('iris', request)).state).toBe('succeeded');
      expect(seen).toEqual([asking]);
    });

    it('goes on where somebody else has put the same there meanwhile, and not where the place refuses it', async () => {
      const { platform } = await answering('PLACE', jobAs('queued'), 'PLACE');
      putStatus = 412;
      expect((await platform.startJobOf('iris', request)).state).toBe('queued');
      putStatus = 403;
      expect(await failure(platform.startJobOf('iris', request))).toMatchObject({ status: 403 });
    });

    it('says so where the upload has gone lost', async () => {
      const { platform } = await answering('PLACE', 'PLACE');
      expect(await failure(platform.startJobOf('iris', request))).toMatchObject({
        message: expect.stringContaining('start the job again'),
      });
    });

    it('is sent as it is where it is just small enough', async () => {
      const { platform, seen } = await answering(jobAs('queued'));
      await platform.startJobOf('iris', { ...request, bytes: request.bytes.subarray(1) });
      expect(seen).toEqual([`POST /v1/models/iris/jobs with ${MOST_SENT_BYTES}`]);
      expect(MOST_SENT_BYTES).toBe(MAX_BODY_BYTES);
    });
  });

  it('is followed to its end, also past a platform that is busy', async () => {
    const answers = [[200, 'queued'], [503], [200, 'running'], [429], [200, 'failed'], [200, 'never asked']] as const;
    let asked = 0;
    const platform = await clientOf((_, response) => {
      const [status, state = ''] = answers[asked++] ?? [500];
      response.writeHead(status).end(state ? jobAs(state) : '{"error":"busy"}');
    });
    const states: string[] = [];
    const end = await platform.followJob('0a', { seen: ({ state }) => states.push(state) });
    expect([end.state, states, asked]).toEqual(['failed', ['queued', 'running', 'failed'], 5]);
  });

  it('is left where its caller goes, or where there is none', async () => {
    const platform = await clientOf((request, response) => {
      response.writeHead(request.url === '/v1/jobs/none' ? 404 : 200).end(jobAs('running'));
    });
    const leaving = new AbortController();
    const following = platform.followJob('0a', { signal: leaving.signal, seen: () => leaving.abort() });
    expect(await failure(following)).toMatchObject({ name: 'AbortError' });
    expect(await failure(platform.followJob('none'))).toMatchObject({ status: 404 });
  });

  it('has its result fetched from where it lies, without the key', async () => {
    const seen: unknown[] = [];
    const elsewhere = await fakeServer((request, response) => {
      seen.push([request.url, request.headers.authorization]);
      response.end('{"predictions":[1]}');
    });
    const platform = await clientOf((request, response) => {
      seen.push([request.url, request.headers.authorization]);
      response.writeHead(303, { location: `${elsewhere.url}/result?signature=x` }).end();
    });
    expect(await platform.jobResult('0a')).toEqual({ predictions: [1] });
    expect(seen).toEqual([
      ['/v1/jobs/0a/result', 'Bearer some-key'],
      ['/result?signature=x', undefined],
    ]);
    await elsewhere.close();
  });

  it('is cancelled', async () => {
    const seen: unknown[] = [];
    const platform = await clientOf(({ method, url }, response) => {
      seen.push([method, url]);
      response.end(jobAs('cancelled'));
    });
    expect((await platform.cancelJob('0a')).state).toBe('cancelled');
    expect(seen).toEqual([['DELETE', '/v1/jobs/0a']]);
  });
});

describe('ApiError', () => {
  it('carries status, the message of the body and the request id', async () => {
    const platform = await clientOf((_, response) => {
      response.writeHead(422, { 'x-request-id': 'abc' }).end('{"error":"row 1 must be a number","more":1}');
    });
    const error = await failure(platform.predict('iris', [['a']]));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, message: 'row 1 must be a number', requestId: 'abc' });
  });

  it.each([
    ['HTML', 502, '<html>Bad Gateway</html>', 'the server answered 502'],
    ['nothing', 504, '', 'the server answered 504'],
    ['a bare null', 500, 'null', 'the server answered 500'],
    ['an error of another form', 403, '{"error":{"code":1}}', 'the server answered 403'],
    ['a page instead of JSON', 200, '<html>', 'is this a Modeldrop platform?'],
  ])('words an answer that holds %s', async (_, status, body, message) => {
    const platform = await clientOf((_request, response) => {
      response.writeHead(status).end(body);
    });
    const error = await failure(platform.keys());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status, message: expect.stringContaining(message), requestId: undefined });
  });
});

describe('Unreachable', () => {
  it('names who does not answer', async () => {
    const platform = await clientOf(() => {});
    await server?.close();
    const url = server?.url;
    server = undefined;
    const error = await failure(platform.models());
    expect(error).toBeInstanceOf(Unreachable);
    expect(error).toMatchObject({ url, message: `${url} does not answer: the connection is refused` });
  });

  it('is a connection that breaks off, before an answer or in the middle of one', async () => {
    let half = false;
    const platform = await clientOf((request, response) => {
      if (half) response.writeHead(200, { 'content-length': 100 }).write('{"na');
      setTimeout(() => request.socket.destroy(), 20);
    });
    expect(await failure(platform.card('iris'))).toBeInstanceOf(Unreachable);
    half = true;
    expect(await failure(platform.card('iris'))).toBeInstanceOf(Unreachable);
  });
});

describe('upload', () => {
  it('asks for a place by the hash, and puts the bytes there without the key', async () => {
    const seen: unknown[] = [];
    const platform = await clientOf(async (request, response) => {
      seen.push([
        request.method,
        request.url,
        request.headers.authorization,
        request.headers['x-seal'],
        await bodyOf(request),
      ]);
      if (request.method === 'PUT') return response.end();
      const place = { drop: 'id', url: `${server?.url}/place`, method: 'PUT', headers: { 'x-seal': '1' }, expires: '' };
      return response.writeHead(201).end(JSON.stringify(place));
    });
    const place = await platform.upload('iris', { name: 'model.json', bytes: new TextEncoder().encode('abc') });
    expect(place.drop).toBe('id');
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(seen).toEqual([
      ['POST', '/v1/models/iris/uploads', 'Bearer some-key', undefined, JSON.stringify({ file: 'model.json', sha256 })],
      ['PUT', '/place', undefined, '1', 'abc'],
    ]);
  });
});
