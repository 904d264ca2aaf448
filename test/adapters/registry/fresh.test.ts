import { beforeEach, describe, expect, test } from 'vitest';
import { type FreshnessOptions, freshView } from '../../../adapters/registry/fresh.ts';
import { StoreUnavailable } from '../../../adapters/store/errors.ts';
import { type WatchedStore, watchedStore } from '../../watched-store.ts';

const PATH = 'channels/iris.json';

let store: WatchedStore;
let now: number;
let etag: string;
beforeEach(async () => {
  store = watchedStore();
  now = 1_000_000;
  etag = (await store.create(PATH, bytesOf('one'))) as string;
  store.asked.length = 0;
});

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const view = (more: Partial<FreshnessOptions> = {}) => freshView<string>({ store, now: () => now, ...more });

async function change(value: string): Promise<void> {
  etag = (await store.replace(PATH, bytesOf(value), etag)) as string;
  store.asked.length = 0;
}

/** A view that has seen `one`, then the store moved on to `two`. */
async function outdated(more: Partial<FreshnessOptions> = {}) {
  const look = view(more);
  await look(PATH);
  await change('two');
  return look;
}

describe('a document is', () => {
  test.each([0, 1, 2_999])('used unasked after %i ms', async (age) => {
    const look = await outdated();
    now += age;
    expect(await look(PATH)).toEqual({ value: 'one', stale: false });
    expect(store.asked).toEqual([]);
  });

  test.each([3_000, 4_999])('used after %i ms while its revalidation runs beside', async (age) => {
    const look = await outdated();
    now += age;
    const { value, stale, beside } = await look(PATH);
    expect({ value, stale }).toEqual({ value: 'one', stale: false });
    expect(store.asked).toEqual([`revalidate ${PATH}`]);
    await beside;
    expect(await look(PATH)).toEqual({ value: 'two', stale: false });
    expect(store.asked).toHaveLength(1);
  });

  test.each([5_000, 60_000, 600_000])('asked for first after %i ms', async (age) => {
    const look = await outdated();
    now += age;
    expect(await look(PATH)).toEqual({ value: 'two', stale: false });
    expect(store.asked).toEqual([`revalidate ${PATH}`]);
  });

  test('young again once it was found unchanged', async () => {
    const look = view();
    await look(PATH);
    now += 10_000;
    expect(await look(PATH)).toEqual({ value: 'one', stale: false });
    now += 2_999;
    store.asked.length = 0;
    await look(PATH);
    expect(store.asked).toEqual([]);
  });

  test('gone once it is deleted', async () => {
    const look = view();
    await look(PATH);
    await store.delete(PATH, etag);
    now += 5_000;
    expect(await look(PATH)).toEqual({ value: undefined, stale: false });
  });

  test('read anew after it came back', async () => {
    const look = view();
    await look(PATH);
    await store.delete(PATH, etag);
    now += 5_000;
    await look(PATH);
    await store.create(PATH, bytesOf('three'));
    expect(await look(PATH)).toEqual({ value: 'three', stale: false });
  });
});

describe('a store that fails', () => {
  test.each([5_000, 60_000, 3_600_000])(
    'is covered by the last good one after %i ms, and that is said',
    async (age) => {
      const look = await outdated();
      store.down = true;
      now += age;
      expect(await look(PATH)).toEqual({ value: 'one', stale: true });
    },
  );

  test('says nothing while the document is young', async () => {
    const look = await outdated();
    store.down = true;
    now += 4_000;
    const { value, stale, beside } = await look(PATH);
    expect({ value, stale }).toEqual({ value: 'one', stale: false });
    await expect(beside).resolves.toBeUndefined();
  });

  test('is asked again by every call, until it answers', async () => {
    const look = await outdated();
    store.down = true;
    now += 5_000;
    await look(PATH);
    store.down = false;
    expect(await look(PATH)).toEqual({ value: 'two', stale: false });
  });

  test('is told where nothing was ever read', async () => {
    store.down = true;
    await expect(view()(PATH)).rejects.toThrow(StoreUnavailable);
  });

  test.each([
    [60_000, 'one'],
    [60_001, undefined],
  ])('is covered for no longer than a bound allows: after %i ms', async (age, value) => {
    const look = await outdated({ staleFor: 60_001 });
    store.down = true;
    now += age;
    if (value) expect(await look(PATH)).toEqual({ value, stale: true });
    else await expect(look(PATH)).rejects.toThrow(StoreUnavailable);
  });

  test('is not covered past the bound by a clock that was set back', async () => {
    const look = await outdated({ staleFor: 60_000 });
    store.down = true;
    now -= 3_600_000;
    await expect(look(PATH)).rejects.toThrow(StoreUnavailable);
  });

  test('leaves a damaged document with the last good one', async () => {
    const look = view();
    await look(PATH);
    await store.damage(PATH, () => new TextEncoder().encode('{"sta'));
    now += 5_000;
    expect(await look(PATH)).toEqual({ value: 'one', stale: true });
    await expect(view()(PATH)).rejects.toMatchObject({ status: 503, name: 'DocumentCorrupt' });
  });
});

describe('a clock', () => {
  test('set back makes the document unknown: the store is asked', async () => {
    const look = await outdated();
    now -= 1;
    expect(await look(PATH)).toEqual({ value: 'two', stale: false });
  });

  test('set back by a day does not keep yesterday alive for a day', async () => {
    const look = view();
    await look(PATH);
    now -= 86_400_000;
    await look(PATH);
    await change('two');
    now += 5_000;
    expect(await look(PATH)).toEqual({ value: 'two', stale: false });
  });
});

describe('an absence', () => {
  const ABSENT = 'keys/nobody.json';

  test.each([0, 2_999])('is believed after %i ms where that is wished', async (age) => {
    const look = view({ absentFor: 3_000 });
    await look(ABSENT);
    store.asked.length = 0;
    now += age;
    expect(await look(ABSENT)).toEqual({ value: undefined, stale: false });
    expect(store.asked).toEqual([]);
  });

  test('ends after 3 s', async () => {
    const look = view({ absentFor: 3_000 });
    await look(ABSENT);
    await store.create(ABSENT, bytesOf('here'));
    now += 3_000;
    expect(await look(ABSENT)).toEqual({ value: 'here', stale: false });
  });

  test('is not believed at all where it is not wished', async () => {
    const look = view();
    await look(ABSENT);
    await store.create(ABSENT, bytesOf('here'));
    expect(await look(ABSENT)).toEqual({ value: 'here', stale: false });
  });

  test('does not outlive a failing store', async () => {
    const look = view({ absentFor: 3_000 });
    await look(ABSENT);
    store.down = true;
    now += 3_000;
    await expect(look(ABSENT)).rejects.toThrow(StoreUnavailable);
  });
});

describe('many calls at once', () => {
  test('ask once for what nobody knows', async () => {
    const look = view();
    const views = await Promise.all(Array.from({ length: 500 }, () => look(PATH)));
    expect(new Set(views.map(({ value }) => value))).toEqual(new Set(['one']));
    expect(store.asked).toEqual([`read ${PATH}`]);
  });

  test('ask once for what is old, and once beside', async () => {
    const look = await outdated();
    now += 4_000;
    await Promise.all(Array.from({ length: 500 }, async () => (await look(PATH)).beside));
    expect(store.asked).toEqual([`revalidate ${PATH}`]);
    now += 6_000;
    await Promise.all(Array.from({ length: 500 }, () => look(PATH)));
    expect(store.asked).toHaveLength(2);
  });

  test('fail together, and the next one asks again', async () => {
    const look = view();
    store.down = true;
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, () => look(PATH)));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(store.asked).toHaveLength(1);
    store.down = false;
    expect((await look(PATH)).value).toBe('one');
  });
});

describe('a question that a freeze has interrupted', () => {
  test('is not waited for: its answer would be of before', async () => {
    const look = await outdated();
    let thaw = () => {};
    let frozen: (() => void) | undefined = () => {};
    store.before = () =>
      frozen &&
      new Promise<void>((resolve) => {
        thaw = resolve;
      });
    now += 4_000;
    const { beside } = await look(PATH);
    frozen = undefined;
    await change('three');
    now += 600_000;
    expect(await look(PATH)).toEqual({ value: 'three', stale: false });
    thaw();
    await beside;
    expect(await look(PATH)).toEqual({ value: 'three', stale: false });
  });
});

test('what is remembered is bounded', async () => {
  const look = view({ entries: 10 });
  for (let i = 0; i < 100; i++) await store.create(`channels/${i}.json`, bytesOf(i));
  for (let i = 0; i < 100; i++) await look(`channels/${i}.json`);
  store.asked.length = 0;
  await look('channels/99.json');
  expect(store.asked).toEqual([]);
  await look('channels/0.json');
  expect(store.asked).toEqual(['read channels/0.json']);
});
