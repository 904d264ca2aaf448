import { describe, expect, it } from 'vitest';
import type { Column } from '../../../../models/frame.ts';
import type { Truth } from '../../../../models/learning/problem.ts';
import { leaksIn } from '../../../../models/learning/report/leaks.ts';
import { classesOf } from '../../../../models/learning/target.ts';
import { columnOf, normal, times } from '../tables.ts';

const ROWS = 100;
const draw = normal(8);
const noise = times(ROWS, draw);
const yes = times(ROWS, (i) => i % 2);
const classes = (values: readonly number[]): Truth => ({
  task: 'classification',
  ...classesOf(columnOf('y', values)),
});
const numbers = (values: readonly number[]): Truth => ({ task: 'regression', values: Float64Array.from(values) });

const sides = {
  train: Int32Array.from(times(80, (i) => i)),
  test: Int32Array.from(times(20, (i) => 80 + i)),
};

const found = (columns: Column[], truth: Truth = classes(yes), more: { groups?: Column; atRandom?: boolean } = {}) =>
  leaksIn({ features: { count: ROWS, columns }, truth, sides, atRandom: true, ...more }).map(
    ({ rule, column, words }) => ({ rule, column, words }),
  );
const rules = (...asked: Parameters<typeof found>) => found(...asked).map(({ rule, column }) => [rule, column]);

const plain = columnOf('x', times(ROWS, draw));

it('nothing is found where nothing is', () => expect(found([plain, columnOf('z', times(ROWS, draw))])).toEqual([]));

describe('rows on both sides of the split', () => {
  it('are counted by their features', () => {
    const twins = columnOf('x', noise.map((value, i) => (i >= 95 ? (noise[i - 95] as number) : value))); // biome-ignore format: a row
    expect(found([twins])).toEqual([
      {
        rule: 'identical-rows',
        column: undefined,
        words: '5 of 20 test rows have the same features as a training row',
      },
    ]);
  });

  it('are the same where both lack a value, and differ by one feature', () => {
    const gaps = columnOf(
      'x',
      times(ROWS, () => Number.NaN),
    );
    const texts = columnOf(
      't',
      times(ROWS, (i) => (i === 0 || i === 99 ? null : `${i}`)),
    );
    expect(found([gaps, texts])[0]).toMatchObject({
      rule: 'identical-rows',
      words: expect.stringContaining('1 of 20'),
    });
    expect(rules([gaps, texts, plain]).flat()).not.toContain('identical-rows');
  });
});

describe('a column that alone tells the target', () => {
  it.each<[string, Column, Truth]>([
    [
      'a number that parts two classes',
      columnOf(
        'c',
        yes.map((y, i) => y + (noise[i] as number) / 20),
      ),
      classes(yes),
    ],
    [
      'the other way round',
      columnOf(
        'c',
        yes.map((y) => -y),
      ),
      classes(yes),
    ],
    [
      'a number with gaps',
      columnOf(
        'c',
        yes.map((y, i) => (i % 7 === 0 ? Number.NaN : y + (noise[i] as number) / 20)),
      ),
      classes(yes),
    ],
    [
      'that a number is there at all',
      columnOf(
        'c',
        yes.map((y, i) => (y ? (noise[i] as number) : Number.NaN)),
      ),
      classes(yes),
    ],
    [
      'a text',
      columnOf(
        'c',
        yes.map((y) => (y ? 'paid' : 'owes')),
      ),
      classes(yes),
    ],
    [
      'a code whose order means nothing',
      columnOf(
        'c',
        times(ROWS, (i) => [2, 0, 1][i % 3] as number),
      ),
      classes(times(ROWS, (i) => i % 3)),
    ],
    [
      'a line in the target',
      columnOf(
        'c',
        noise.map((y) => 3 - 2 * y),
      ),
      numbers(noise),
    ],
    [
      'a text by the target',
      columnOf(
        'c',
        times(ROWS, (i) => `grade ${i % 4}`),
      ),
      numbers(times(ROWS, (i) => [5, 1, 9, 2][i % 4] as number)),
    ],
  ])('%s', (_, column, truth) => {
    // biome-ignore format: a table
    expect(rules([plain, column], truth)).toContainEqual(['telling-column', 'c']);
    const leak = found([plain, column], truth).find(({ rule }) => rule === 'telling-column');
    expect(leak?.words).toMatch(/^c alone tells the (class|target) \((AUC|\|r\| =) /);
  });

  it.each<[string, Column, Truth]>([
    [
      'a good predictor: AUC about 0.9',
      columnOf(
        'c',
        yes.map((y, i) => y + (noise[i] as number) * 0.55),
      ),
      classes(yes),
    ],
    [
      '|r| of 0.99',
      columnOf(
        'c',
        noise.map((y, i) => y + 0.14 * Math.sin(i)),
      ),
      numbers(noise),
    ],
    [
      'texts that are each in one row',
      columnOf(
        'c',
        times(ROWS, (i) => `a b c ${i}`),
      ),
      classes(yes),
    ],
  ])(
    'is not %s',
    (_, column, truth) => expect(rules([column], truth).flat()).not.toContain('telling-column'), // biome-ignore format: a table
  );

  it('is looked for in some rows of very many, wherever it is', () => {
    const many = 50_000;
    const late = classes(times(many, (i) => Number(i >= many / 2)));
    const [place, chance] = [
      columnOf(
        'place',
        times(many, (i) => i + 0.5),
      ),
      columnOf('chance', times(many, draw)),
    ];
    const all = { train: Int32Array.from(times(many, (i) => i)), test: new Int32Array() };
    const leaks = leaksIn({
      features: { count: many, columns: [place, chance] },
      truth: late,
      sides: all,
      atRandom: true,
    });
    expect(leaks.map(({ rule, column }) => [rule, column])).toEqual([['telling-column', 'place']]);
  });

  it('is looked for in training rows only', () => {
    const late = columnOf('c', yes.map((y, i) => (i < 80 ? (noise[i] as number) : y * 100))); // biome-ignore format: a row
    expect(rules([late]).flat()).not.toContain('telling-column');
  });
});

describe('a column like an id', () => {
  it.each<[string, Column]>([
    [
      'running numbers, shuffled',
      columnOf(
        'row',
        times(ROWS, (i) => 1_000 + ((i * 37) % ROWS)),
      ),
    ],
    [
      'numbers that are called so',
      columnOf(
        'customer_id',
        times(ROWS, (i) => 7 + i * 9_973),
      ),
    ],
    [
      'in another spelling',
      columnOf(
        'orderId',
        times(ROWS, (i) => 7 + i * 9_973),
      ),
    ],
    [
      'texts',
      columnOf(
        'code',
        times(ROWS, (i) => `k-${i}`),
      ),
    ],
    [
      'with a twin and a gap',
      columnOf(
        'code',
        times(200, (i) => (i === 1 ? 'k-0' : i === 2 ? null : `k-${i}`)),
      ),
    ],
  ])('is one of %s', (_, column) => expect(rules([column])).toContainEqual(['id-like', column.name]));

  it.each<[string, Column]>([
    ['measures', plain],
    [
      'whole measures far apart',
      columnOf(
        'cents',
        times(ROWS, (i) => 7 + i * 9_973),
      ),
    ],
    [
      'few values',
      columnOf(
        'children',
        times(ROWS, (i) => i % 5),
      ),
    ],
    [
      'sentences',
      columnOf(
        'note',
        times(ROWS, (i) => `no complaint so far, visit ${i}`),
      ),
    ],
  ])('is not one of %s', (_, column) => expect(rules([column]).flat()).not.toContain('id-like'));
});

describe('dates', () => {
  const day = (i: number) => `2024-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`;

  it.each<[string, (i: number) => string]>([
    ['days', day],
    ['moments', (i) => `${day(i)}T08:15:00Z`],
    ['days as they are written elsewhere', (i) => `${1 + (i % 28)}.${1 + (i % 12)}.2024`],
  ])('are pointed at where rows are parted at random: %s', (_, of) => {
    expect(rules([plain, columnOf('sold', times(ROWS, of))])).toContainEqual(['date-at-random', 'sold']);
  });

  it('are fine where rows are parted otherwise, and a text is no date for holding one', () => {
    const dates = columnOf('sold', times(ROWS, day));
    expect(rules([plain, dates], classes(yes), { atRandom: false }).flat()).not.toContain('date-at-random');
    const texts = columnOf(
      'sold',
      times(ROWS, (i) => (i === 0 ? day(i) : 'never')),
    );
    expect(rules([plain, texts]).flat()).not.toContain('date-at-random');
  });
});

describe('a group on both sides', () => {
  it('is counted', () => {
    const groups = columnOf(
      'patient',
      times(ROWS, (i) => Math.floor(i / 3)),
    );
    expect(found([plain], classes(yes), { groups })).toEqual([
      { rule: 'group-on-both-sides', column: 'patient', words: expect.stringContaining('1 groups of patient') },
    ]);
  });

  it('is none where groups are whole', () => {
    const groups = columnOf(
      'patient',
      times(ROWS, (i) => Math.floor(i / 4)),
    );
    expect(found([plain], classes(yes), { groups })).toEqual([]);
  });
});
