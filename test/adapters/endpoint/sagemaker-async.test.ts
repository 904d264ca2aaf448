import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Post } from '../../../adapters/endpoint/post.ts';
import { sagemakerAsync } from '../../../adapters/endpoint/sagemaker-async.ts';
import { signing } from '../../../adapters/endpoint/signed.ts';
import { type FakeServer, fakeServer } from '../../apps/client/fake-server.ts';
import { type WatchedStore, watchedStore } from '../../watched-store.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const { signal } = new AbortController();
const NAME = 'modeldrop-dev-0123456789abcdef0123456789abcdef';
const invocation = {
  contentType: 'application/vnd.sagemaker-triton.binary+json;json-header-size=2',
  body: [Buffer.from('{}')],
};

let server: FakeServer;
let seen: Seen[];
let store: WatchedStore;
let answer: { status: number; headers: Record<string, string>; body?: string };

beforeEach(async () => {
  [seen, store] = [[], watchedStore()];
  answer = {
    status: 202,
    headers: {
      'x-amzn-sagemaker-outputlocation': 's3://async/answers/1.out',
      'x-amzn-sagemaker-failurelocation': 's3://async/answers/failed/1-error.out',
    },
  };
  server = await fakeServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    seen.push({ method, path, headers: headers as Seen['headers'] });
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '{}');
  });
});
afterEach(() => server.close());

const start = async () => {
  const url = new URL(server.url);
  const sign = signing(url.host, { region: 'us-east-1', endpoint: undefined, sessionToken: undefined, ...credentials });
  const service = sagemakerAsync({ url, bucket: 'async', store, sign: (post: Post) => sign(post) });
  return service.start(NAME, invocation, signal).finally(() => service.close());
};

/** Of the call itself, not of who makes it or when. */
const toCompare = ({ method, path, headers }: Seen) => ({
  method,
  path,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amzn-sagemaker-'))),
});

describe('an asynchronous call', () => {
  it("asks what AWS's own client would ask, signed", async () => {
    await start();
    const input = (await store.list('inputs/'))[0];
    const client = new SageMakerRuntimeClient({ endpoint: server.url, region: 'us-east-1', credentials });
    await client.send(
      new InvokeEndpointAsyncCommand({
        EndpointName: NAME,
        ContentType: invocation.contentType,
        InputLocation: `s3://async/${input}`,
      }),
    );
    const [ours, theirs] = seen as [Seen, Seen];
    expect(toCompare(ours)).toEqual(toCompare(theirs));
    expect(ours.headers.authorization).toMatch(
      /\/us-east-1\/sagemaker\/aws4_request, SignedHeaders=.*x-amzn-sagemaker-inputlocation/,
    );
  });

  it('says where its input lies, and where what comes of it will', async () => {
    expect(await start()).toEqual({
      endpoint: NAME,
      input: expect.stringMatching(/^inputs\/[-0-9a-f]{36}$/),
      output: 'answers/1.out',
      failure: 'answers/failed/1-error.out',
    });
  });

  it('leaves no input behind where it is refused', async () => {
    answer = {
      status: 400,
      headers: { 'x-amzn-errortype': 'ValidationError' },
      body: '{"Message":"Endpoint not found"}',
    };
    await expect(start()).rejects.toThrow("the model's endpoint failed inside");
    expect(await store.list('')).toEqual([]);
  });
});
