import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { StoreForbidden, StoreUnavailable } from '../../../adapters/store/errors.ts';
import { s3Store } from '../../../adapters/store/s3.ts';
import { s3Reader } from '../../../adapters/store/s3-reader.ts';
import type { Store, StoreReader } from '../../../adapters/store/store.ts';
import { storeContract } from '../../contract/store.ts';
import { type Moto, startMoto } from '../../moto.ts';
import { type FaultyPeer, faultyPeer } from './faulty-peer.ts';

const moto = await startMoto();
const peer = moto && (await faultyPeer(moto.url));

afterAll(async () => {
  await peer?.close();
  await moto?.stop();
});

const session = { region: 'us-east-1', accessKeyId: 'moto', secretAccessKey: 'moto', sessionToken: 'token' };

describe.skipIf(moto === undefined)('the lean reader of S3', { timeout: 120_000 }, () => {
  // Both are there where this suite runs at all.
  on(moto as Moto, peer as FaultyPeer);
});

function on(moto: Moto, peer: FaultyPeer): void {
  const client = moto?.s3();

  // It reads what the other half writes.
  storeContract('s3-reader', async () => {
    const bucket = await moto.bucket();
    return joined(s3Reader({ bucket, session: { ...session, endpoint: moto.url } }), s3Store({ bucket, client }));
  });

  describe('through a faulty network', () => {
    let bucket: string;
    let writer: Store;
    const reader = (deadlineMs = 6_000): StoreReader =>
      s3Reader({ bucket, session: { ...session, endpoint: peer.url }, deadlineMs });

    beforeEach(async () => {
      bucket = await moto.bucket();
      writer = s3Store({ bucket, client });
      peer.mend();
    });

    const created = async (path: string, text: string): Promise<string> =>
      (await writer.create(path, bytesOf(text))) ?? '';

    test.each([
      ['SlowDown', { status: 503, code: 'SlowDown' }],
      ['InternalError', { status: 500, code: 'InternalError' }],
      ['TooManyRequests', { status: 429, code: 'TooManyRequests' }],
      ['RequestTimeout', { status: 400, code: 'RequestTimeout' }],
      ['a lost connection', 'lost answer' as const],
    ])('%s twice before a success', async (_, fault) => {
      const etag = await created('a', 'one');
      peer.fail('GET', fault, fault);
      expect((await reader().read('a'))?.etag).toBe(etag);
      peer.fail('GET', fault);
      expect(await reader().revalidate('a', etag)).toBe('unchanged');
      peer.fail('GET', fault);
      expect(await reader().read('b')).toBeUndefined();
      expect(peer.asked).toHaveLength(7);
    });

    test.each(['cut body', 'flipped bit', 'stalled body', 'silence'] as const)(
      'a %s is asked for again',
      async (fault) => {
        await created('a', 'x'.repeat(100_000));
        peer.fail('GET', fault);
        expect((await reader().read('a'))?.bytes).toEqual(bytesOf('x'.repeat(100_000)));
        expect(peer.asked).toEqual(['GET', 'GET']);
      },
    );

    test.each([
      ['cut body', 'cut body', /aborted|BodyDamaged/],
      ['flipped bit', 'flipped bit', /ChecksumMismatch/],
      ['stalled body', 'stalled body', /PeerSilent|aborted|DeadlinePassed/],
      ['silence', 'silence', /PeerSilent|DeadlinePassed/],
      ['SlowDown', { status: 503, code: 'SlowDown' }, /503 SlowDown/],
      ['InternalError', { status: 500, code: 'InternalError' }, /500 InternalError/],
    ] as const)('%s without end is a failure within the deadline, and never bytes', async (_, fault, cause) => {
      await created('a', 'x'.repeat(100_000));
      peer.always(fault);
      const startedAt = performance.now();
      await expectUnavailable(reader(2_500).read('a'), cause);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      expect(peer.asked.length).toBeLessThanOrEqual(4);
    });

    test('a refusal that no repetition mends is not repeated', async () => {
      peer.always({ status: 400, code: 'ExpiredToken' });
      await expectUnavailable(reader().read('a'), /400 ExpiredToken/);
      expect(peer.asked).toEqual(['GET']);
    });

    test('a missing object without ListBucket is a failure that names the permission', async () => {
      peer.always({ status: 403, code: 'AccessDenied' });
      for (const ask of [() => reader().read('a'), () => reader().revalidate('a', '"x"')]) {
        const error = await ask().catch((failure: unknown) => failure);
        expect(error).toBeInstanceOf(StoreForbidden);
        expect(String(error)).toMatch(/s3:ListBucket/);
      }
      expect(peer.asked).toHaveLength(2);
    });

    test('a storage that is well again answers again, also over connections that died meanwhile', async () => {
      const one = reader(300);
      const etag = await created('a', 'one');
      expect((await one.read('a'))?.etag).toBe(etag);
      peer.always('silence');
      await expectUnavailable(one.read('a'), /DeadlinePassed/);
      peer.mend();
      expect((await one.read('a'))?.etag).toBe(etag);
      peer.always('lost answer');
      await expectUnavailable(one.read('a'), /socket hang up|ECONNRESET|DeadlinePassed/);
      peer.mend();
      expect((await one.read('a'))?.etag).toBe(etag);
    });

    test('nobody there is a failure that is told at once', async () => {
      const endpoint = 'http://127.0.0.1:9';
      await expectUnavailable(s3Reader({ bucket, session: { ...session, endpoint } }).read('a'), /ECONNREFUSED/);
    });

    test('a bucket that is not there is a failure, not an absence', async () => {
      const nowhere = s3Reader({ bucket: 'no-such-bucket', session: { ...session, endpoint: moto.url } });
      await expectUnavailable(nowhere.read('a'), /404 NoSuchBucket/);
    });

    test('reads what was written without a checksum', async () => {
      const bare = moto.s3(moto.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
      await bare.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'x' }));
      expect((await reader().read('a'))?.bytes).toEqual(bytesOf('x'));
    });
  });
}

/** One store of two halves. */
const joined = (reader: StoreReader, writer: Store): Store => ({
  read: (path) => reader.read(path),
  revalidate: (path, etag) => reader.revalidate(path, etag),
  create: (path, bytes) => writer.create(path, bytes),
  replace: (path, bytes, etag) => writer.replace(path, bytes, etag),
  delete: (path, etag) => writer.delete(path, etag),
  discard: (path) => writer.discard(path),
  list: (prefix) => writer.list(prefix),
});

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function expectUnavailable(work: Promise<unknown>, cause: RegExp): Promise<void> {
  const error = await work.catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(StoreUnavailable);
  expect(String((error as Error).cause)).toMatch(cause);
}
