import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sagemakerAsync } from '../../../adapters/endpoint/sagemaker-async.ts';
import { memoryStore } from '../../memory-store.ts';
import { watchedStore } from '../../watched-store.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

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
  const { start, close } = sagemakerAsync({ url, bucket: 'bucket', store });
  cleanups.push(
    close,
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const call = (signal = new AbortController().signal) =>
    start('slow', { contentType: 'application/json', body: [Buffer.from('{'), Buffer.from('}')] }, signal);
  return { store, call };
}

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
