import { describe, expect, test } from 'vitest';
import type { Store } from '../../adapters/store/store.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const RACERS = 16;
const racers = Array.from({ length: RACERS }, (_, i) => i);

/** What every Store promises. `open` gives an empty one. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the contract of a store`, () => {
    objects(open);
    conditions(open);
    races(open);
    listing(open);
    paths(open);
  });
}

function objects(open: () => Promise<Store>): void {
  test('reads its own write, with the tag that the write answered', async () => {
    const store = await open();
    const etag = await store.create('channels/iris.json', bytesOf('one'));
    const stored = await store.read('channels/iris.json');
    expect(stored?.etag).toBe(etag);
    expect(textOf(stored?.bytes ?? bytesOf(''))).toBe('one');
  });

  test('reads nothing where nothing is', async () => {
    const store = await open();
    expect(await store.read('channels/iris.json')).toBeUndefined();
    await store.create('channels/iris.json', bytesOf('one'));
    expect(await store.read('channels/iris')).toBeUndefined();
    expect(await store.read('channels/iris.json2')).toBeUndefined();
  });

  test('keeps an empty object', async () => {
    const store = await open();
    const etag = await store.create('models/iris/tombstone', new Uint8Array());
    expect(await store.read('models/iris/tombstone')).toMatchObject({ etag });
    expect((await store.read('models/iris/tombstone'))?.bytes.length).toBe(0);
    expect(await store.list('')).toEqual(['models/iris/tombstone']);
  });

  test('keeps 5 MB byte by byte', async () => {
    const store = await open();
    const bytes = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 2_654_435_761) >>> 24);
    await store.create('blobs/large', bytes);
    const stored = await store.read('blobs/large');
    expect(Buffer.compare(stored?.bytes ?? bytesOf(''), bytes)).toBe(0);
  });

  test('revalidates: unchanged, changed, gone', async () => {
    const store = await open();
    const first = await created(store, 'keys/a.json', 'one');
    expect(await store.revalidate('keys/a.json', first)).toBe('unchanged');
    const second = await store.replace('keys/a.json', bytesOf('two'), first);
    expect(await store.revalidate('keys/a.json', first)).toMatchObject({ etag: second });
    await store.delete('keys/a.json', second ?? '');
    expect(await store.revalidate('keys/a.json', second ?? '')).toBeUndefined();
  });
}

function conditions(open: () => Promise<Store>): void {
  test('creates only where nothing is', async () => {
    const store = await open();
    await created(store, 'models/iris/1/manifest.json', 'first');
    expect(await store.create('models/iris/1/manifest.json', bytesOf('second'))).toBeUndefined();
    expect(await read(store, 'models/iris/1/manifest.json')).toBe('first');
  });

  test('replaces only what has the tag', async () => {
    const store = await open();
    const first = await created(store, 'channels/iris.json', 'one');
    const second = await store.replace('channels/iris.json', bytesOf('two'), first);
    expect(second).toBeTypeOf('string');
    expect(second).not.toBe(first);
    expect(await store.replace('channels/iris.json', bytesOf('three'), first)).toBeUndefined();
    expect(await read(store, 'channels/iris.json')).toBe('two');
  });

  test('replaces nothing where nothing is', async () => {
    const store = await open();
    const etag = await created(store, 'channels/iris.json', 'one');
    expect(await store.replace('channels/digits.json', bytesOf('two'), etag)).toBeUndefined();
    expect(await store.list('')).toEqual(['channels/iris.json']);
  });

  test('deletes only what has the tag', async () => {
    const store = await open();
    const first = await created(store, 'keys/a.json', 'one');
    const second = (await store.replace('keys/a.json', bytesOf('two'), first)) ?? '';
    expect(await store.delete('keys/a.json', first)).toBe(false);
    expect(await read(store, 'keys/a.json')).toBe('two');
    expect(await store.delete('keys/a.json', second)).toBe(true);
    expect(await store.delete('keys/a.json', second)).toBe(false);
    expect(await store.read('keys/a.json')).toBeUndefined();
  });

  test('discards whatever is there, and nothing beside it', async () => {
    const store = await open();
    const etag = await created(store, 'jobs/a/request', 'one');
    await created(store, 'jobs/a/request-2', 'two');
    await store.discard('jobs/a/request');
    await store.discard('jobs/a/request');
    await store.discard('jobs/b/request');
    expect(await store.list('')).toEqual(['jobs/a/request-2']);
    expect(await store.replace('jobs/a/request', bytesOf('three'), etag)).toBeUndefined();
  });

  test('creates again what was deleted', async () => {
    const store = await open();
    await store.delete('keys/a.json', await created(store, 'keys/a.json', 'one'));
    expect(await store.create('keys/a.json', bytesOf('two'))).toBeTypeOf('string');
    expect(await read(store, 'keys/a.json')).toBe('two');
  });
}

function races(open: () => Promise<Store>): void {
  test(`one of ${RACERS} creators wins, and its bytes stay`, async () => {
    const store = await open();
    for (let round = 0; round < 8; round++) {
      const path = `models/iris/${round}/manifest.json`;
      const tags = await Promise.all(racers.map((i) => store.create(path, bytesOf(`racer ${i}`))));
      const winners = racers.filter((i) => tags[i] !== undefined);
      expect(winners).toHaveLength(1);
      expect(await read(store, path)).toBe(`racer ${winners[0]}`);
    }
  });

  test(`one of ${RACERS} replacers wins each generation`, async () => {
    const store = await open();
    let etag = await created(store, 'channels/iris.json', 'start');
    for (let generation = 0; generation < 12; generation++) {
      const tags = await Promise.all(
        racers.map((i) => store.replace('channels/iris.json', bytesOf(`${generation}/${i}`), etag)),
      );
      const winners = racers.filter((i) => tags[i] !== undefined);
      expect(winners).toHaveLength(1);
      expect(await read(store, 'channels/iris.json')).toBe(`${generation}/${winners[0]}`);
      etag = tags[winners[0] ?? 0] ?? '';
    }
  });

  test(`one of ${RACERS} deleters wins, and a replacer that races it does not bring the object back`, async () => {
    const store = await open();
    const etag = await created(store, 'keys/a.json', 'one');
    const [replaced, ...deleted] = await Promise.all([
      store.replace('keys/a.json', bytesOf('two'), etag),
      ...racers.map(() => store.delete('keys/a.json', etag)),
    ]);
    const wins = deleted.filter(Boolean).length + (replaced === undefined ? 0 : 1);
    expect(wins).toBe(1);
    expect((await store.read('keys/a.json')) === undefined).toBe(replaced === undefined);
  });

  test(`a counter that ${RACERS} writers raise by compare-and-swap loses nothing`, async () => {
    const store = await open();
    await created(store, 'usage/acme', '0');
    await Promise.all(racers.map(() => raise(store, 'usage/acme', 10)));
    expect(await read(store, 'usage/acme')).toBe(String(RACERS * 10));
  });

  test('a reader sees the whole old object or the whole new one', async () => {
    const store = await open();
    let etag = await created(store, 'channels/iris.json', generationOf(0));
    let writing = true;
    const readers = racers.slice(0, 4).map(async () => {
      while (writing) expectWhole(await read(store, 'channels/iris.json'));
    });
    for (let i = 1; i <= 40; i++) {
      etag = (await store.replace('channels/iris.json', bytesOf(generationOf(i)), etag)) ?? '';
    }
    writing = false;
    await Promise.all(readers);
    expect(await read(store, 'channels/iris.json')).toBe(generationOf(40));
  });
}

function listing(open: () => Promise<Store>): void {
  test('lists nothing in an empty store', async () => {
    expect(await (await open()).list('')).toEqual([]);
  });

  test('lists every path that starts with the prefix, whole segments or not', async () => {
    const store = await open();
    for (const path of ['models/a/1/m', 'models/a/2/m', 'models/ab/1/m', 'models/b', 'channels/a']) {
      await created(store, path, path);
    }
    expect(await store.list('models/a/')).toEqual(['models/a/1/m', 'models/a/2/m']);
    expect(await store.list('models/a')).toEqual(['models/a/1/m', 'models/a/2/m', 'models/ab/1/m']);
    expect(await store.list('models/a/1/m')).toEqual(['models/a/1/m']);
    expect(await store.list('models/a/1/m/')).toEqual([]);
    expect(await store.list('nothing/here')).toEqual([]);
    expect(await store.list('')).toHaveLength(5);
  });

  test('orders by code point, not by UTF-16 unit, and not folder by folder', async () => {
    const store = await open();
    const names = ['a b', 'a!/x', 'a-b', 'a/b', 'a/d', 'a0', 'b', 'é', '\uffee', '😀'];
    const ordered = names.map((name) => `drops/${name}.json`);
    for (const path of ordered.toReversed()) await created(store, path, path);
    expect(await store.list('drops/')).toEqual(ordered);
  });

  test('takes odd but legal names literally', async () => {
    const store = await open();
    const odd = [
      'a+b',
      'a b',
      'a%2Fb',
      '100%',
      'æøå 模型',
      "it's",
      'q?x=1#y',
      'back\\slash',
      '*',
      '__proto__',
      '~',
      'a:b',
    ];
    for (const name of odd) await created(store, `drops/${name}`, name);
    for (const name of odd) expect(await read(store, `drops/${name}`)).toBe(name);
    expect((await store.list('drops/')).toSorted()).toEqual(odd.map((name) => `drops/${name}`).toSorted());
    expect(await store.list('drops/a%')).toEqual(['drops/a%2Fb']);
  });

  test('no longer lists what is deleted', async () => {
    const store = await open();
    const etag = await created(store, 'keys/a.json', 'one');
    await created(store, 'keys/b.json', 'one');
    await store.delete('keys/a.json', etag);
    expect(await store.list('keys/')).toEqual(['keys/b.json']);
  });
}

const CROOKED = ['', '/', '/a', 'a/', 'a//b', '..', '../a', 'a/../b', 'a/.', '.hidden', 'a/.hidden', 'a\0b', '\ud800'];
const OVERLONG = ['x'.repeat(256), 'é'.repeat(128), `${'y'.repeat(200)}/`.repeat(6).slice(0, -1)];

function paths(open: () => Promise<Store>): void {
  test.each([...CROOKED, ...OVERLONG])('refuses the path %j as a mistake of the program', async (path) => {
    const store = await open();
    await expect(store.read(path)).rejects.toThrow(RangeError);
    await expect(store.revalidate(path, 'x')).rejects.toThrow(RangeError);
    await expect(store.create(path, bytesOf('x'))).rejects.toThrow(RangeError);
    await expect(store.replace(path, bytesOf('x'), 'x')).rejects.toThrow(RangeError);
    await expect(store.delete(path, 'x')).rejects.toThrow(RangeError);
    await expect(store.discard(path)).rejects.toThrow(RangeError);
  });

  test('refuses a prefix that leaves the store', async () => {
    const store = await open();
    await expect(store.list('../')).rejects.toThrow(RangeError);
    await expect(store.list('a/../../b')).rejects.toThrow(RangeError);
    expect(await store.list('..')).toEqual([]);
  });
}

async function created(store: Store, path: string, text: string): Promise<string> {
  const etag = await store.create(path, bytesOf(text));
  if (etag === undefined) throw new Error(`${path} is there already`);
  return etag;
}

async function read(store: Store, path: string): Promise<string | undefined> {
  const stored = await store.read(path);
  return stored && textOf(stored.bytes);
}

async function raise(store: Store, path: string, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const stored = await store.read(path);
    if (stored === undefined) throw new Error(`${path} is gone`);
    const next = bytesOf(String(Number(textOf(stored.bytes)) + 1));
    if ((await store.replace(path, next, stored.etag)) !== undefined) done++;
  }
}

/** 100 kB of one letter and its number: a mixture of two generations shows. */
const generationOf = (i: number): string => `${i}:`.padEnd(100_000, String.fromCharCode(65 + (i % 26)));

function expectWhole(text: string | undefined): void {
  const generation = Number.parseInt(text ?? '', 10);
  if (text !== generationOf(generation)) throw new Error(`torn: ${text?.slice(0, 40)}, ${text?.length} characters`);
}
