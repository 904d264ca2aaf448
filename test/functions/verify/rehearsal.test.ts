import { beforeEach, describe, expect, test } from 'vitest';
import { readChannel } from '../../../adapters/registry/channels.ts';
import { type Drop, listDrops } from '../../../adapters/registry/drops.ts';
import { House } from '../house.ts';

const line = (slope: number, more: object = {}) =>
  Buffer.from(
    JSON.stringify({
      modeldrop: 1,
      kind: 'linear',
      features: ['x'],
      parameters: { coefficients: [[slope]], intercept: [0] },
      ...more,
    }),
  );

/** y = 2 x, but for a wave. */
const labelled = ['x,y', ...Array.from({ length: 60 }, (_, i) => `${i},${2 * i + Math.sin(i)}`)].join('\n');

let house: House;
beforeEach(() => {
  house = new House();
});

/** Drops a file with what goes beside it; what became of it. */
async function drop(
  file: string,
  bytes: Uint8Array,
  companions: Record<string, string> = {},
): Promise<Drop | undefined> {
  for (const [name, text] of Object.entries(companions)) await house.inbox.create(`inbox/m/${name}`, Buffer.from(text));
  await house.drop('m', file, bytes);
  return (await listDrops(house.registry, 'm')).find((found) => found.file === file);
}

const stable = async () => (await readChannel(house.registry, 'm'))?.stable;

describe('what a verification has seen', () => {
  test('is how long a row takes, and the memory of its process', async () => {
    const rehearsal = (await drop('first.json', line(2)))?.rehearsal;
    expect(rehearsal).toEqual({
      latency: { p50: expect.any(Number), p99: expect.any(Number), calls: expect.any(Number) },
      peakMemoryMb: expect.any(Number),
    });
    expect(rehearsal?.latency?.p99).toBeGreaterThanOrEqual(rehearsal?.latency?.p50 as number);
  });

  test('is what changes beside the serving version, on examples and labelled rows', async () => {
    const examples = (slope: number) =>
      JSON.stringify([{ inputs: { instances: [[0], [10]] }, outputs: [0, 10 * slope] }]);
    await drop('first.json', line(2), { 'examples.json': examples(2) });
    // A row of zeros, two examples and 60 labelled rows; three of all are x = 0.
    const found = await drop('second.json', line(2.5), { 'examples.json': examples(2.5) });
    expect(found?.rehearsal?.against).toEqual({ version: 1, rows: 3, changed: 1, largest: 5 });
  });

  test('is compared with no version that takes something else', async () => {
    await drop('first.json', line(2));
    const wider = line(2, { features: ['x', 'z'], parameters: { coefficients: [[2, 1]], intercept: [0] } });
    expect((await drop('second.json', wider))?.rehearsal?.against).toEqual({
      version: 1,
      why: 'it takes other features',
    });
  });

  test('does not wait for a serving version that is damaged', async () => {
    await drop('first.json', line(2));
    const [blob = ''] = await house.registry.list('blobs/');
    const stored = await house.registry.read(blob);
    await house.registry.replace(blob, Buffer.from('{}'), stored?.etag ?? '');
    const found = await drop('second.json', line(3));
    expect(found).toMatchObject({
      state: 'released',
      rehearsal: { against: { why: expect.stringContaining('damaged') } },
    });
  });
});

describe('labelled.csv', () => {
  test('only reports where nothing serves yet', async () => {
    const found = await drop('first.json', line(40), { 'labelled.csv': labelled });
    expect(found).toMatchObject({ state: 'released', rehearsal: { quality: { metric: 'rmse', rows: 60 } } });
    expect(found?.rehearsal?.quality?.serving).toBeUndefined();
  });

  test('lets a version through that is no worse', async () => {
    await drop('first.json', line(1.5));
    const found = await drop('second.json', line(2), { 'labelled.csv': labelled });
    expect(found).toMatchObject({
      state: 'released',
      rehearsal: { quality: { serving: { version: 1, isWorse: false } } },
    });
    expect(await stable()).toBe(2);
  });

  test('refuses a version that is worse than the serving one, and says by how much', async () => {
    await drop('first.json', line(2));
    const found = await drop('second.json', line(1.5), { 'labelled.csv': labelled });
    expect(found?.state).toBe('refused');
    expect(found?.error).toMatch(
      /^labelled\.csv shows that the model is worse than version 1, which serves: its rmse is [\d.]+ against 0\.7\d+, higher by 1[\d.]+ \(95 % interval 1[\d.]+ to 1[\d.]+, 60 rows\)/,
    );
    expect(await stable()).toBe(1);
  });

  test.each([
    ['no target', 'x,what\n1,2\n', {}, /^labelled\.csv: target must be stated: the columns are x, what/],
    [
      'a target that is not there',
      'x,y\n1,2\n',
      { 'drop.json': '{"target":"price"}' },
      /must be one of the columns x, y/,
    ],
    [
      'a feature that is not there',
      'z,y\n1,2\n',
      {},
      /^labelled\.csv: table must have every feature of the model, got "x"/,
    ],
    ['a row without a truth', 'x,y\n1,2\n1,\n', {}, /^labelled\.csv: row 1, target "y" must not be missing/],
    ['a row without a feature', 'x,y\n1,2\n,3\n', {}, /feature "x" must be a finite number/],
    ['no rows', 'x,y\n', {}, /^labelled\.csv must hold rows below its header/],
    ['too many rows', `x,y\n${'1,2\n'.repeat(100_001)}`, {}, /must hold at most 100000 rows: a random sample/],
  ])('with %s is told', async (_, text, companions, error) => {
    const found = await drop('first.json', line(2), { 'labelled.csv': text, ...companions });
    expect(found?.state).toBe('refused');
    expect(found?.error).toMatch(error);
  });

  test('says nothing where it is left empty, as an interrupted push leaves it', async () => {
    const found = await drop('first.json', line(2), { 'labelled.csv': '\n' });
    expect(found?.state).toBe('released');
    expect(found?.rehearsal?.quality).toBeUndefined();
  });

  test.each([
    ['file', 'blobs/', 'its file in the registry is damaged or missing'],
    ['manifest', 'models/m/', 'its manifest in the registry is damaged or missing'],
  ])('holds a version back where the serving one can not be asked, and says why: its %s', async (_, prefix, why) => {
    await drop('first.json', line(2));
    const [path = ''] = await house.registry.list(prefix);
    await house.registry.replace(path, Buffer.from('{'), (await house.registry.read(path))?.etag ?? '');
    const found = await drop('second.json', line(1.5), { 'labelled.csv': labelled });
    expect(found).toMatchObject({
      state: 'published',
      version: 2,
      servesAs: 'none',
      rehearsal: { quality: { metric: 'rmse', unheld: { version: 1, why } } },
    });
    expect(await stable()).toBe(1);
  });

  test('holds a version back that answers numbers where the serving one answers labels', async () => {
    const yes = { kind: 'logistic', labels: [0, 1], parameters: { coefficients: [[2]], intercept: [0] } };
    await drop('first.json', line(2, yes));
    const found = await drop('second.json', line(1), { 'labelled.csv': 'x,y\n1,1\n0,0\n' });
    expect(found).toMatchObject({
      servesAs: 'none',
      rehearsal: { quality: { unheld: { version: 1, why: 'it answers labels, and this one numbers' } } },
    });
  });

  test('must suit the serving version as well', async () => {
    await drop('first.json', line(2, { features: ['old'] }));
    const found = await drop('second.json', line(2), { 'labelled.csv': labelled });
    expect(found?.error).toMatch(/^labelled\.csv must suit version 1, which serves, as well: .*"old"/);
  });

  test('finds the truth in the column that drop.json names', async () => {
    const found = await drop('first.json', line(2), {
      'labelled.csv': 'x,y,price\n1,9,2\n2,9,4\n',
      'drop.json': '{"target":"price"}',
    });
    expect(found?.rehearsal?.quality?.value).toBe(0);
  });
});
