import { beforeEach, describe, expect, test } from 'vitest';
import { moveChannel, ReleaseConflict, readChannel } from '../../../adapters/registry/channels.ts';
import { eraseVersions } from '../../../adapters/registry/erasure.ts';
import { layout } from '../../../adapters/registry/layout.ts';
import { sha256 } from '../../../adapters/registry/sha256.ts';
import { BlobCorrupt, listVersions, publish, readBlob, readManifest } from '../../../adapters/registry/versions.ts';
import type { Channel } from '../../../models/channel.ts';
import { inspect } from '../../../models/formats/inspect.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { erase, release } from '../../../models/release.ts';
import { flipped, type WatchedStore, watchedStore } from '../../watched-store.ts';

let store: WatchedStore;
beforeEach(() => {
  store = watchedStore();
});

const fileOf = (slope: number) => ({
  name: 'model.json',
  bytes: Buffer.from(
    JSON.stringify({
      modeldrop: 1,
      kind: 'linear',
      features: ['x'],
      parameters: { coefficients: [[slope]], intercept: [0] },
    }),
  ),
});

const at = '2026-11-23T00:00:00.000Z';

function publication(slope: number, model = 'line') {
  const file = fileOf(slope);
  return { model, content: inspect(file).content, files: [file], by: 'test', at };
}

const publishOne = (slope: number, model?: string): Promise<Manifest> => publish(store, publication(slope, model));

async function occasion(model = 'line') {
  return { model, versions: await listVersions(store, model), by: 'test', at };
}

async function eraseModel(model = 'line'): Promise<Channel> {
  const known = await occasion(model);
  const channel = await moveChannel(store, model, (current) => erase(current as Channel, known));
  await eraseVersions(store, model, channel.first);
  return channel;
}

async function putIntoService(version: number, model = 'line'): Promise<Channel> {
  const known = await occasion(model);
  return moveChannel(store, model, (current) => release(current, { stable: version }, known));
}

describe('publishing', () => {
  test('numbers from 1', async () => {
    expect((await publishOne(1)).version).toBe(1);
    expect((await publishOne(2)).version).toBe(2);
    expect((await publishOne(1, 'other')).version).toBe(1);
    expect(await listVersions(store, 'line')).toEqual([1, 2]);
  });

  test('the same content twice is the same version', async () => {
    const first = await publishOne(1);
    await publishOne(2);
    expect(await publishOne(1)).toEqual(first);
    expect(await listVersions(store, 'line')).toEqual([1, 2]);
  });

  test('the same content by sixteen at once is one version', async () => {
    const manifests = await Promise.all(Array.from({ length: 16 }, () => publishOne(1)));
    expect(new Set(manifests.map(({ version }) => version))).toEqual(new Set([1]));
    expect(await listVersions(store, 'line')).toEqual([1]);
  });

  test('sixteen contents at once get sixteen numbers, without a gap in the store', async () => {
    const manifests = await Promise.all(Array.from({ length: 16 }, (_, slope) => publishOne(slope)));
    const numbers = Array.from({ length: 16 }, (_, i) => i + 1);
    expect(manifests.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(numbers);
    expect(await listVersions(store, 'line')).toEqual(numbers);
    for (const { version, digest } of manifests) {
      expect((await readManifest(store, 'line', version))?.digest).toBe(digest);
    }
  });

  test('keeps the bytes under their SHA-256, and names them', async () => {
    const { blobs } = await publishOne(1);
    const { bytes } = fileOf(1);
    expect(blobs).toEqual([{ file: 'model.json', sha256: sha256(bytes), bytes: bytes.length }]);
    expect(Buffer.from(await readBlob(store, { sha256: sha256(bytes) }))).toEqual(bytes);
  });

  test('fails whole where the store fails, and a second try is the same version', async () => {
    for (const failing of ['create blobs/', 'list models/', 'create models/']) {
      const model = `m${failing.length}`;
      store.before = (question) => {
        if (question.startsWith(failing)) store.down = true;
      };
      await expect(publishOne(9, model)).rejects.toMatchObject({ status: 503 });
      store.down = false;
      store.before = () => {};
      expect((await publishOne(9, model)).version).toBe(1);
    }
  });
});

describe('bytes', () => {
  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['with a bit turned', flipped],
    ['cut short', (bytes) => bytes.subarray(0, -1)],
    ['with one too many', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ['that are gone', () => new Uint8Array()],
  ])('%s are never handed out', async (_, change) => {
    const { blobs } = await publishOne(1);
    const [blob] = blobs as [Manifest['blobs'][number]];
    await store.damage(layout.blob(blob.sha256), change);
    await expect(readBlob(store, blob)).rejects.toThrow(BlobCorrupt);
  });

  test('that are not there are as damaged ones', async () => {
    await expect(readBlob(store, { sha256: '0'.repeat(64) })).rejects.toThrow(BlobCorrupt);
  });

  test.each<[string, string]>([
    ['that is no JSON', '{"schema":1,'],
    ['that is another document', '{"schema":1}'],
    ['of another schema', '{"schema":2}'],
  ])('a manifest %s is our fault, not a caller’s', async (_, text) => {
    await publishOne(1);
    await store.damage(layout.manifest('line', 1), () => Buffer.from(text));
    await expect(readManifest(store, 'line', 1)).rejects.toMatchObject({ status: 503 });
  });
});

describe('erasing', () => {
  test('takes manifests and bytes away, and goes on with the numbers', async () => {
    await publishOne(1);
    await publishOne(2);
    await putIntoService(1);
    expect(await eraseModel()).toMatchObject({ first: 3, next: 3 });
    expect(await store.list('models/')).toEqual([]);
    expect(await store.list('blobs/')).toEqual([]);
    expect((await publishOne(1)).version).toBe(3);
    expect(await listVersions(store, 'line')).toEqual([3]);
  });

  test('leaves bytes that another model names', async () => {
    await publishOne(1);
    await publishOne(1, 'twin');
    await putIntoService(1);
    await eraseModel();
    expect(await readBlob(store, { sha256: sha256(fileOf(1).bytes) })).toBeDefined();
    // Not for a moment: the other model may be loading.
    expect(store.asked.filter((question) => question.startsWith('delete blobs/'))).toEqual([]);
  });

  test('can stop anywhere and be repeated', async () => {
    await publishOne(1);
    await publishOne(2);
    await putIntoService(2);
    let deletions = 0;
    store.before = (question) => {
      if (question.startsWith('delete') && ++deletions === 2) store.down = true;
    };
    await expect(eraseModel()).rejects.toMatchObject({ status: 503 });
    store.before = () => {};
    store.down = false;
    expect(await listVersions(store, 'line')).toEqual([]);
    const { first } = (await readChannel(store, 'line')) as Channel;
    await eraseVersions(store, 'line', first);
    expect(await store.list('models/')).toEqual([]);
  });

  test('gives no number twice, also where a publisher looked before it and wrote after it', async () => {
    await publishOne(1);
    await putIntoService(1);
    // The publisher knows of version 1 only; then another publishes 2 and everything is erased.
    let isFirst = true;
    store.before = async (question) => {
      if (!isFirst || question !== 'create models/line/2/manifest.json') return;
      isFirst = false;
      await publishOne(20);
      await eraseModel();
    };
    const manifest = await publishOne(30);
    store.before = () => {};
    expect(manifest.version).toBe(3);
    expect(await listVersions(store, 'line')).toEqual([3]);
    expect(await store.list('models/line/')).toEqual([layout.manifest('line', 3)]);
    expect(await readBlob(store, manifest.blobs[0] as Manifest['blobs'][number])).toBeDefined();
  });

  test('gives no number twice, also where it comes between the two looks of a publisher', async () => {
    for (const moment of ['list models/line/', 'read channels/line.json']) {
      store = watchedStore();
      await publishOne(1);
      await putIntoService(1);
      await publishOne(2);
      await publishOne(3);
      let isFirst = true;
      store.before = async (question) => {
        if (!isFirst || question !== moment) return;
        isFirst = false;
        await eraseModel();
      };
      const { version } = await publishOne(30);
      store.before = () => {};
      expect(version, moment).toBe(4);
      expect((await putIntoService(version)).stable).toBe(4);
    }
  });
});

describe('moving a channel', () => {
  test('names the winner to whom it lost', async () => {
    await publishOne(1);
    await publishOne(2);
    await putIntoService(1);
    const known = await occasion();
    const lost = moveChannel(store, 'line', async (current) => {
      await putIntoService(2);
      return release(current, { canary: { version: 2, weight: 5 } }, { ...known, by: 'loser' });
    });
    await expect(lost).rejects.toThrow(ReleaseConflict);
    await expect(lost).rejects.toMatchObject({
      status: 409,
      message: `test (release, stable 2, ${at}) moved model "line" first; look at what is served now and ask again`,
      facts: { model: 'line', winner: { action: 'release', stable: 2, by: 'test' } },
    });
    expect(await readChannel(store, 'line')).toMatchObject({ stable: 2 });
  });

  test('by sixteen at once has one winner, and the losers hear of it', async () => {
    for (let slope = 0; slope < 16; slope++) await publishOne(slope);
    await putIntoService(1);
    const known = await occasion();
    const moves = Array.from({ length: 16 }, (_, i) =>
      moveChannel(store, 'line', (current) =>
        release(current, { stable: ((i + 1) % 16) + 1 }, { ...known, by: `racer ${i}` }),
      ),
    );
    const outcomes = await Promise.allSettled(moves);
    const winners = outcomes.filter(({ status }) => status === 'fulfilled');
    const { stable } = (await readChannel(store, 'line')) as Channel;
    const moved = winners.filter((winner) => winner.status === 'fulfilled' && winner.value.stable !== 1);
    expect(moved).toHaveLength(1);
    expect(moved[0]).toMatchObject({ value: { stable } });
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.message).toMatch(/^racer \d+ \(release, stable \d+/);
    }
  });

  test('tries anew as often as it is told', async () => {
    await publishOne(1);
    await publishOne(2);
    await putIntoService(1);
    const known = await occasion();
    let losses = 3;
    const moved = moveChannel(
      store,
      'line',
      async (current) => {
        if (losses-- > 0) await putIntoService(1 + (losses % 2));
        return release(current, { stable: 2 }, { ...known, by: 'patient' });
      },
      10,
    );
    expect((await moved).stable).toBe(2);
  });

  test('writes nothing where nothing is to be done', async () => {
    await publishOne(1);
    await putIntoService(1);
    store.asked.length = 0;
    await putIntoService(1);
    expect(store.asked.filter((question) => /^(create|replace)/.test(question))).toEqual([]);
  });
});
