import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { layout } from '../../../adapters/registry/layout.ts';
import { sha256 } from '../../../adapters/registry/sha256.ts';
import { BlobCorrupt, readBlob } from '../../../adapters/registry/versions.ts';
import { StoreForbidden, StoreUnavailable } from '../../../adapters/store/errors.ts';
import { s3PresignGet, s3PresignPut } from '../../../adapters/store/presign.ts';
import { s3Store } from '../../../adapters/store/s3.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { storeContract } from '../../contract/store.ts';
import { type Moto, startMoto } from '../../moto.ts';
import { type Fault, type FaultyPeer, faultyPeer } from './faulty-peer.ts';

const moto = await startMoto();
const peer = moto && (await faultyPeer(moto.url));

afterAll(async () => {
  await peer?.close();
  await moto?.stop();
});

const SLOW_DOWN = { status: 503, code: 'SlowDown' };
const INTERNAL = { status: 500, code: 'InternalError' };
const CONFLICT = { status: 409, code: 'ConditionalRequestConflict' };
const DENIED = { status: 403, code: 'AccessDenied' };

describe.skipIf(moto === undefined)('S3', { timeout: 120_000 }, () => {
  // Both are there where this suite runs at all.
  on(moto as Moto, peer as FaultyPeer);
});

function on(moto: Moto, peer: FaultyPeer): void {
  const client = moto?.s3();
  const straight = async (): Promise<Store> => s3Store({ bucket: await moto.bucket(), client });

  storeContract('s3', straight);

  describe('a bucket', () => {
    test('lists more than one page, in order', async () => {
      const store = await straight();
      const paths = Array.from({ length: 1_001 }, (_, i) => `models/iris/${String(i).padStart(4, '0')}`);
      for (let i = 0; i < paths.length; i += 40) {
        await Promise.all(paths.slice(i, i + 40).map((path) => store.create(path, bytesOf('x'))));
      }
      expect(await store.list('models/')).toEqual(paths);
    });

    test('lists no folder that a console made, and takes what another tool wrote', async () => {
      const bucket = await moto.bucket();
      const store = s3Store({ bucket, client });
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'inbox/iris/', Body: '' }));
      const { ETag = '' } = await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: 'inbox/iris/\u0001 a.csv', Body: 'x' }),
      );
      expect(await store.list('inbox/')).toEqual(['inbox/iris/\u0001 a.csv']);
      expect(await store.delete('inbox/iris/\u0001 a.csv', ETag)).toBe(true);
    });

    test('that is not there is a failure, not an absence', async () => {
      const store = s3Store({ bucket: 'no-such-bucket', client });
      await expectUnavailable(store.read('a'), /NoSuchBucket/);
      await expectUnavailable(store.create('a', bytesOf('x')), /NoSuchBucket/);
      await expectUnavailable(store.list(''), /NoSuchBucket/);
    });
  });

  describe('through a faulty network', () => {
    const faulty = moto?.s3(peer?.url);
    let bucket: string;
    let store: Store;
    let rival: Store;

    beforeEach(async () => {
      bucket = await moto.bucket();
      store = s3Store({ bucket, client: faulty, deadlineMs: 6_000 });
      rival = s3Store({ bucket, client });
      peer.mend();
    });

    const created = async (path: string, text: string): Promise<string> =>
      (await rival.create(path, bytesOf(text))) ?? '';
    const textAt = async (path: string): Promise<string | undefined> => {
      const stored = await rival.read(path);
      return stored && new TextDecoder().decode(stored.bytes);
    };

    test('a create that loses its answer wins, and answers its tag', async () => {
      peer.fail('PUT', 'lost answer');
      const etag = await store.create('a', bytesOf('mine'));
      expect(etag).toBe((await rival.read('a'))?.etag);
      expect(peer.asked).toEqual(['PUT', 'PUT', 'HEAD']);
    });

    test('a replace that loses its answer wins, and answers its tag', async () => {
      const first = await created('a', 'one');
      peer.fail('PUT', 'lost answer');
      const etag = await store.replace('a', bytesOf('two'), first);
      expect(etag).not.toBe(first);
      expect(etag).toBe((await rival.read('a'))?.etag);
    });

    test('a delete that loses its answer has deleted', async () => {
      const etag = await created('a', 'one');
      peer.fail('DELETE', 'lost answer');
      expect(await store.delete('a', etag)).toBe(true);
      expect(await textAt('a')).toBeUndefined();
    });

    test('a conflict that answers the retry of our own success is a success', async () => {
      peer.fail('PUT', 'lost answer', CONFLICT);
      expect(await store.create('a', bytesOf('mine'))).toBe((await rival.read('a'))?.etag);
      expect(peer.asked).toEqual(['PUT', 'PUT', 'PUT', 'HEAD']);
    });

    test('a rival with the same bytes is told that it lost', async () => {
      await created('a', 'same');
      peer.fail('PUT', INTERNAL);
      expect(await store.create('a', bytesOf('same'))).toBeUndefined();
      expect(peer.asked).toEqual(['PUT', 'PUT', 'HEAD']);
    });

    test('a loss at the first try is not read back: nothing of ours can be there', async () => {
      const etag = await created('a', 'one');
      expect(await store.create('a', bytesOf('two'))).toBeUndefined();
      expect(await store.replace('a', bytesOf('two'), '"other"')).toBeUndefined();
      expect(await store.replace('b', bytesOf('two'), etag)).toBeUndefined();
      expect(await store.delete('b', etag)).toBe(false);
      expect(peer.asked).toEqual(['PUT', 'PUT', 'PUT', 'DELETE']);
    });

    test('a replace whose retry finds another successor has lost', async () => {
      const first = await created('a', 'one');
      peer.fail('PUT', INTERNAL);
      peer.before('PUT', () => rival.replace('a', bytesOf('theirs'), first));
      expect(await store.replace('a', bytesOf('mine'), first)).toBeUndefined();
      expect(await textAt('a')).toBe('theirs');
    });

    test('a delete whose retry finds a successor has not deleted', async () => {
      const first = await created('a', 'one');
      peer.fail('DELETE', INTERNAL);
      peer.before('DELETE', () => rival.replace('a', bytesOf('theirs'), first));
      expect(await store.delete('a', first)).toBe(false);
      expect(await textAt('a')).toBe('theirs');
    });

    test('a win that others have written over since is no loss, but unknown', async () => {
      const first = await created('a', 'one');
      peer.fail('PUT', 'lost answer', 'none');
      peer.before('HEAD', async () => rival.replace('a', bytesOf('later'), (await rival.read('a'))?.etag ?? ''));
      await expectUnavailable(store.replace('a', bytesOf('mine'), first), /OutcomeUnknown/);
      expect(await textAt('a')).toBe('later');
    });

    test('a delete that lost its answer, of what others have written since, is unknown', async () => {
      const first = await created('a', 'one');
      peer.fail('DELETE', 'lost answer');
      peer.before('HEAD', () => rival.create('a', bytesOf('later')));
      await expectUnavailable(store.delete('a', first), /OutcomeUnknown/);
      expect(await textAt('a')).toBe('later');
    });

    test.each([1, 3])('%i conflicts before a success', async (times) => {
      const etag = await created('b', 'one');
      const conflicts = Array.from({ length: times }, () => CONFLICT);
      peer.fail('PUT', ...conflicts);
      expect(await store.create('a', bytesOf('x'))).toBeTypeOf('string');
      peer.fail('PUT', ...conflicts);
      expect(await store.replace('b', bytesOf('x'), etag)).toBeTypeOf('string');
      peer.fail('DELETE', ...conflicts);
      expect(await store.delete('b', (await rival.read('b'))?.etag ?? '')).toBe(true);
    });

    test('conflicts without end are given up at the deadline', async () => {
      peer.always(CONFLICT);
      const hasty = s3Store({ bucket, client: faulty, deadlineMs: 500 });
      await expectUnavailableWithin(1_000, hasty.create('a', bytesOf('x')), /DeadlinePassed/);
    });

    test.each([
      ['SlowDown', SLOW_DOWN],
      ['InternalError', INTERNAL],
      ['ServiceUnavailable', { status: 503, code: 'ServiceUnavailable' }],
      ['a lost connection', 'lost answer' as const],
    ])('%s twice before a success', async (_, fault) => {
      const etag = await created('b', 'one');
      peer.fail('GET', fault, fault);
      expect((await store.read('b'))?.etag).toBe(etag);
      peer.fail('GET', fault);
      expect(await store.revalidate('b', etag)).toBe('unchanged');
      peer.fail('GET', fault);
      expect(await store.list('')).toEqual(['b']);
      peer.fail('PUT', fault, 'none');
      expect(await store.create('a', bytesOf('x'))).toBeTypeOf('string');
    });

    test.each([
      ['SlowDown', SLOW_DOWN, /SlowDown|DeadlinePassed/],
      ['InternalError', INTERNAL, /InternalError/],
      ['no answer', 'silence' as const, /TimeoutError|DeadlinePassed/],
    ])('%s without end is a failure within the deadline', async (_, fault, cause) => {
      peer.always(fault);
      const patient = s3Store({ bucket, client: moto.s3(peer.url), deadlineMs: 2_500 });
      await expectUnavailableWithin(3_000, patient.read('a'), cause);
      await expectUnavailableWithin(3_000, patient.create('a', bytesOf('x')), cause);
    });

    test('a storage that is well again answers again', async () => {
      const recovering = s3Store({ bucket, client: moto.s3(peer.url), deadlineMs: 300 });
      const etag = await created('a', 'one');
      peer.always('silence');
      await expectUnavailableWithin(800, recovering.read('a'), /DeadlinePassed/);
      peer.mend();
      expect((await recovering.read('a'))?.etag).toBe(etag);
    });

    test('a peer that falls silent is asked again', async () => {
      peer.fail('PUT', 'silence');
      expect(await store.create('a', bytesOf('x'))).toBeTypeOf('string');
      expect(peer.asked).toEqual(['PUT', 'PUT']);
    });

    test.each(['cut body', 'flipped bit', 'stalled body'] as const)('a %s is asked for again', async (fault) => {
      await created('a', 'x'.repeat(100_000));
      peer.fail('GET', fault);
      expect((await store.read('a'))?.bytes).toEqual(bytesOf('x'.repeat(100_000)));
      expect(peer.asked).toEqual(['GET', 'GET']);
    });

    test('an object that is replaced while it is read is read whole, as it is then', async () => {
      const [before, after] = [bytesOf('a'.repeat(100_000)), bytesOf('b'.repeat(100_000))];
      const etag = (await store.create('a', before)) as string;
      let replaced: string | undefined;
      peer.fail('GET', 'cut body');
      peer.before('GET', async () => {
        peer.before('GET', async () => {
          replaced = await s3Store({ bucket, client }).replace('a', after, etag);
        });
      });
      const found = await store.read('a');
      expect(replaced).toBeTypeOf('string');
      expect(found).toEqual({ bytes: after, etag: replaced });
    });

    test.each([
      ['cut body', /BodyDamaged|Connection lost|aborted/],
      ['flipped bit', /Checksum mismatch/],
      ['stalled body', /TimeoutError|DeadlinePassed/],
    ] as const)('a %s without end is a failure, and never bytes', async (fault, cause) => {
      await created('a', 'x'.repeat(100_000));
      peer.always(fault);
      const hasty = s3Store({ bucket, client: faulty, deadlineMs: 2_500 });
      await expectUnavailableWithin(3_000, hasty.read('a'), cause);
    });

    test('a flipped bit of an object without a checksum is found by the SHA-256 that its manifest states', async () => {
      const bytes = bytesOf('x'.repeat(1_000));
      const Key = layout.blob(sha256(bytes));
      const bare = moto.s3(moto.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
      await bare.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));
      peer.fail('GET', 'flipped bit');
      await expect(readBlob(store, { sha256: sha256(bytes) })).rejects.toThrow(BlobCorrupt);
      expect(await readBlob(store, { sha256: sha256(bytes) })).toEqual(bytes);
    });

    test('a missing object without ListBucket is a failure that names the permission', async () => {
      peer.always(DENIED);
      for (const ask of [() => store.read('a'), () => store.revalidate('a', '"x"'), () => store.list('')]) {
        const error = await ask().catch((failure: unknown) => failure);
        expect(error).toBeInstanceOf(StoreForbidden);
        expect(error).toBeInstanceOf(StoreUnavailable);
        expect(String(error)).toMatch(/s3:ListBucket/);
      }
      await expect(store.create('a', bytesOf('x'))).rejects.toThrow(/s3:PutObject/);
      await expect(store.delete('a', '"x"')).rejects.toThrow(/s3:DeleteObject/);
      expect(peer.asked).toHaveLength(5);
    });

    test('races are decided once, with every third answer lost', async () => {
      for (let round = 0; round < 5; round++) {
        // A client of its own: the SDK stops retrying where too many of a client's requests have failed.
        const racing = s3Store({ bucket, client: moto.s3(peer.url) });
        peer.fail('PUT', ...Array.from({ length: 48 }, (_, i): Fault => (i % 3 === 0 ? 'lost answer' : 'none')));
        const tags = await Promise.all(
          Array.from({ length: 16 }, (_, i) => racing.create(`race/${round}`, bytesOf(`racer ${i}`))),
        );
        const winners = tags.flatMap((tag, i) => (tag === undefined ? [] : [i]));
        expect(winners).toHaveLength(1);
        expect(await textAt(`race/${round}`)).toBe(`racer ${winners[0]}`);
      }
    });
  });

  describe('a presigned URL', () => {
    const bytes = bytesOf('model');
    const digest = sha256(bytes);
    const at = Date.UTC(2026, 10, 1, 12);

    test('signs the checksum as a header, and no other', async () => {
      const presign = s3PresignPut({ bucket: 'inbox', client, now: () => at });
      const { url, headers, expires } = await presign('inbox/iris/a b+c.json', digest);
      const query = new URL(url).searchParams;
      expect(headers).toEqual({ 'x-amz-checksum-sha256': Buffer.from(digest, 'hex').toString('base64') });
      expect(expires).toBe('2026-11-01T12:15:00.000Z');
      expect(query.get('X-Amz-Expires')).toBe('900');
      expect(query.get('X-Amz-SignedHeaders')?.split(';')).toEqual(['host', 'x-amz-checksum-sha256']);
      expect([...query.keys()].filter((name) => /checksum|crc/i.test(name))).toEqual([]);
      expect(new URL(url).pathname).toBe('/inbox/inbox/iris/a%20b%2Bc.json');
    });

    test('takes a PUT and gives it back by GET', async () => {
      const bucket = await moto.bucket();
      const { url, headers } = await s3PresignPut({ bucket, client })('inbox/iris/a b+c%.json', digest);
      expect((await fetch(url, { method: 'PUT', headers, body: bytes })).status).toBe(200);
      expect((await s3Store({ bucket, client }).read('inbox/iris/a b+c%.json'))?.bytes).toEqual(bytes);
      const given = await fetch(await s3PresignGet({ bucket, client })('inbox/iris/a b+c%.json'));
      expect(new Uint8Array(await given.arrayBuffer())).toEqual(bytes);
    });

    test('of another checksum is another signature', async () => {
      const presign = s3PresignPut({ bucket: 'inbox', client, now: () => at });
      const signatures = await Promise.all(
        [digest, digest.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))].map(async (each) =>
          new URL((await presign('a', each)).url).searchParams.get('X-Amz-Signature'),
        ),
      );
      expect(new Set(signatures).size).toBe(2);
    });
  });

  test('a write carries its nonce, and the tag of what it replaces', async () => {
    const bucket = await moto.bucket();
    const store = s3Store({ bucket, client });
    const first = (await store.create('a', bytesOf('one'))) ?? '';
    await store.replace('a', bytesOf('two'), first);
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a' }));
    expect(Metadata).toEqual({ nonce: expect.stringMatching(/^[0-9a-f-]{36}$/), after: first });
  });
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function expectUnavailable(work: Promise<unknown>, cause: RegExp): Promise<void> {
  const error = await work.catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(StoreUnavailable);
  expect(String((error as Error).cause)).toMatch(cause);
}

async function expectUnavailableWithin(ms: number, work: Promise<unknown>, cause: RegExp): Promise<void> {
  const startedAt = performance.now();
  await expectUnavailable(work, cause);
  expect(performance.now() - startedAt).toBeLessThan(ms);
}
