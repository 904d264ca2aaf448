import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PresignedPut, s3PresignRequest } from '../../../adapters/store/presign.ts';
import { s3Store } from '../../../adapters/store/s3.ts';
import { s3Client } from '../../../adapters/store/s3-client.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { type Moto, startMoto } from '../../moto.ts';

const bytes = Buffer.from('a request of a job');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const KEY = 'jobs/predictions/0/request-1';
const AT = Date.UTC(2026, 10, 25, 12);

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

describe('a URL for one request of a job', () => {
  const presign = s3PresignRequest({
    bucket: 'registry',
    client: s3Client({ region: 'eu-north-1', credentials }),
    now: () => AT,
  });

  it('is signed over the length, the checksum, and that nothing may lie there', async () => {
    const { url, headers, expires } = await presign(KEY, sha256, bytes.length);
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')?.split(';').toSorted()).toEqual([
      'content-length',
      'host',
      'if-none-match',
      'x-amz-checksum-sha256',
    ]);
    expect(query.get('X-Amz-Expires')).toBe('900');
    expect(headers).toEqual({
      'if-none-match': '*',
      'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
    });
    expect(expires).toBe('2026-11-25T12:15:00.000Z');
    // What is no header any more is not held against the body.
    for (const name of query.keys()) expect(name.toLowerCase()).not.toMatch(/checksum|if-none-match|content-length/);
  });

  it('is another one for another length', async () => {
    const signatureOf = async (length: number) =>
      new URL((await presign(KEY, sha256, length)).url).searchParams.get('X-Amz-Signature');
    expect(await signatureOf(bytes.length)).not.toBe(await signatureOf(bytes.length + 1));
  });
});

const moto = await startMoto();

describe.skipIf(!moto)('by moto', () => {
  let store: Store;
  let place: PresignedPut;
  beforeAll(async () => {
    const { s3, bucket } = moto as Moto;
    const name = await bucket();
    store = s3Store({ bucket: name, client: s3() });
    place = await s3PresignRequest({ bucket: name, client: s3() })(KEY, sha256, bytes.length);
  });
  afterAll(() => moto?.stop());

  const put = async () => (await fetch(place.url, { method: 'PUT', headers: place.headers, body: bytes })).status;

  it('is taken once', async () => {
    expect(await put()).toBe(200);
    expect(Buffer.from((await store.read(KEY))?.bytes ?? []).toString()).toBe('a request of a job');
    expect(await put()).toBe(412);
  });
});
