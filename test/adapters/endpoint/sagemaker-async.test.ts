import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { sagemakerAsync } from '../../../adapters/endpoint/sagemaker-async.ts';
import { signing } from '../../../adapters/endpoint/signed.ts';
import { memoryStore } from '../../memory-store.ts';
import { watchedStore } from '../../watched-store.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const REGION = 'us-east-1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const BUCKET = 's3://bucket/';
const takes: RequestListener = (_, response) => {
  response.setHeader('x-amzn-sagemaker-outputlocation', `${BUCKET}outputs/1.out`);
  response.setHeader('x-amzn-sagemaker-failurelocation', `${BUCKET}failures/1-error.out`);
  response.writeHead(202).end('{}');
};

/** A service that answers so, and where inputs lie. */
async function service(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const store = watchedStore(memoryStore());
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const sign = signing(url.host, { region: REGION, endpoint: undefined, sessionToken: undefined, ...credentials });
  const { start, close } = sagemakerAsync({ url, bucket: 'bucket', store, sign });
  cleanups.push(
    close,
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const call = (signal = new AbortController().signal) =>
    start('slow', { contentType: 'application/json', body: [Buffer.from('{'), Buffer.from('}')] }, signal);
  return { url, store, call };
}

/** Of the call itself, not of who makes it or when. */
const toCompare = ({ method, url, headers }: IncomingMessage) => ({
  method,
  url,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amzn-sagemaker-'))),
});

describe('a call of an asynchronous endpoint', () => {
  it('puts its input where the endpoint fetches it, and tells where the answer will lie', async () => {
    let place: unknown;
    const { store, call } = await service((request, response) => {
      place = request.headers['x-amzn-sagemaker-inputlocation'];
      takes(request, response);
    });
    const { input, ...told } = await call();
    expect(told).toEqual({ endpoint: 'slow', output: 'outputs/1.out', failure: 'failures/1-error.out' });
    expect(place).toBe(`${BUCKET}${input}`);
    expect(Buffer.from((await store.read(input))?.bytes ?? []).toString()).toBe('{}');
  });

  it("asks what AWS's own client would ask, signed", async () => {
    const seen: IncomingMessage[] = [];
    const { url, store, call } = await service((request, response) => {
      seen.push(request);
      takes(request, response);
    });
    await call();
    const [input] = await store.list('inputs/');
    const client = new SageMakerRuntimeClient({ endpoint: url.href, region: REGION, credentials });
    const InputLocation = `${BUCKET}${input}`;
    await client.send(
      new InvokeEndpointAsyncCommand({ EndpointName: 'slow', ContentType: 'application/json', InputLocation }),
    );
    const [ours, theirs] = seen as [IncomingMessage, IncomingMessage];
    expect(toCompare(ours)).toEqual(toCompare(theirs));
    expect(ours.headers.authorization).toMatch(
      /\/us-east-1\/sagemaker\/aws4_request, SignedHeaders=.*x-amzn-sagemaker-inputlocation/,
    );
  });

  it.each<[string, RequestListener]>([
    ['is refused', (_, response) => response.writeHead(400).end('{"message":"no"}')],
    ['breaks off', (request) => request.socket.destroy()],
    ['would be answered nobody knows where', (_, response) => response.writeHead(202).end('{}')],
  ])('leaves no input where it %s', async (_, answer) => {
    const { store, call } = await service(answer);
    await expect(call()).rejects.toThrow();
    expect(await store.list('')).toEqual([]);
  });

  it.each([
    ['while it is written', 'create'],
    ['while it is named', 'answer'],
  ])('leaves no input where whoever asks gives up %s', async (_, when) => {
    const leaving = new AbortController();
    const giveUp = (now: string) => now === when && leaving.abort(new Error('too late'));
    const { store, call } = await service((request, response) => {
      giveUp('answer');
      takes(request, response);
    });
    store.before = () => void giveUp('create');
    await expect(call(leaving.signal)).rejects.toThrow('too late');
    expect(await store.list('')).toEqual([]);
  });
});
