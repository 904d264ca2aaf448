import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../models/frame.ts';
import { type Preparation, planPreparation } from '../../../models/preparation/preparation.ts';
import { expectClose } from '../../closeness.ts';
import { rowsOf } from '../../rows.ts';

const features = [
  { name: 'age', type: 'number' },
  { name: 'city', type: 'text' },
  { name: 'note', type: 'text' },
] as const;

const frame = (ages: number[], cities: (string | null)[], notes: (string | null)[]): Frame => ({
  count: ages.length,
  columns: [
    { name: 'age', type: 'number', values: Float64Array.from(ages) },
    { name: 'city', type: 'text', values: cities },
    { name: 'note', type: 'text', values: notes },
  ],
});

const plan = (preparation: Preparation) => planPreparation(preparation, features, 'm.json.preparation');

const cities = { step: 'one-hot', columns: ['city'], categories: [['Bern', 'Oslo']], unknown: 'zeros' } as const;
const words = { step: 'tf-idf', column: 'note', vocabulary: ['big', 'red'], idf: [2, 1] } as const;
const whole: Preparation = [
  { step: 'impute', columns: ['age', 'city'], values: [40, 'Oslo'], indicator: true },
  { step: 'standardize', columns: ['age'], mean: [40], scale: [10] },
  { ...cities, columns: [...cities.columns], categories: [['Bern', 'Oslo']] },
  { ...words, vocabulary: ['big', 'red'], idf: [2, 1] },
];

describe('a preparation', () => {
  it('fills, scales and encodes, with what it makes at the end', () => {
    const { names, origins, takesMissing, apply } = plan(whole);
    expect(names).toEqual(['age', 'age missing', 'city missing', 'city=Bern', 'city=Oslo', 'note:big', 'note:red']);
    expect(origins).toEqual([0, 0, 1, 1, 1, 2, 2]);
    expect(takesMissing).toEqual([true, true, false]);
    // "red big Red!" has red twice and big once: weights 2 and 2, of length sqrt(8).
    const half = 2 / Math.sqrt(8);
    expectClose(apply(frame([50, Number.NaN], [null, 'Rome'], ['red big Red!', ''])).values, [
      [1, 0, 1, 0, 1, half, half],
      [0, 1, 0, 0, 0, 0, 0],
    ]);
  });

  it('leaves the first level out where it is told to', () => {
    const dropped = [{ ...cities, columns: ['city'], categories: [['Bern', 'Oslo']], drop: 'first' as const }];
    const { names, apply } = planPreparation(dropped, [features[1]], 'p');
    expect(names).toEqual(['city=Oslo']);
    const column = { name: 'city', type: 'text', values: ['Bern', 'Oslo'] } as const;
    expect([...apply({ count: 2, columns: [column] }).values]).toEqual([0, 1]);
  });

  it('numbers categories, and refuses what it does not know where it is told to', () => {
    const ordinal = (unknown: 'refuse' | number) =>
      planPreparation([{ step: 'ordinal', columns: ['city'], categories: [['b', 'a']], unknown }], [features[1]], 'p');
    const column = { name: 'city', type: 'text', values: ['a', 'b', 'z'] } as const;
    expect([...ordinal(-1).apply({ count: 3, columns: [column] }).values]).toEqual([1, 0, -1]);
    expect(() => ordinal('refuse').apply({ count: 3, columns: [column] })).toThrow('row 2, feature "city"');
  });

  it('gives rows of numbers the same, with columns and without', () => {
    const numbers = ['a', 'b'].map((name) => ({ name, type: 'number' as const }));
    const steps: Preparation = [
      { step: 'min-max', min: [1, 2], scale: [3, 4] },
      { step: 'robust', columns: ['b'], center: [5], scale: [2] },
    ];
    const { applyToRows, apply } = planPreparation(steps, numbers, 'p');
    const rows = rowsOf([[1, 2], [3, 4]]); // biome-ignore format: a table
    const columns = numbers.map(({ name, type }, k) => ({ name, type, values: Float64Array.of(k + 1, k + 3) }));
    expect(applyToRows(rows)).toEqual(apply({ count: 2, columns }));
    expect([...applyToRows(rows).values]).toEqual([4, 2.5, 10, 6.5]);
  });

  it.each<[string, Preparation, string]>([
    [
      'a column that is not there',
      [{ step: 'standardize', columns: ['size'], mean: [0], scale: [1] }],
      '[0].columns[0]',
    ],
    ['a column twice', [{ step: 'impute', columns: ['age', 'age'], values: [1, 1] }], 'must not repeat a column'],
    ['a scaler of texts', [{ step: 'standardize', columns: ['city'], mean: [0], scale: [1] }], 'type number only'],
    ['an encoder of numbers', [{ ...cities, columns: ['age'], categories: [['1']] }], 'type text only'],
    ['a text to fill a number with', [{ step: 'impute', columns: ['age'], values: ['x'] }], 'must be a number'],
    ['a list of another length', [{ step: 'impute', columns: ['age'], values: [1, 2] }], 'must hold 1, one a column'],
    ['texts that are left', [{ step: 'standardize', columns: ['age'], mean: [0], scale: [1] }], 'got "city"'],
    ['weights of other words', [{ ...words, vocabulary: ['big'], idf: [1, 2] }], 'idf must hold 1, one a word'],
    ['a category twice', [{ ...cities, columns: ['city'], categories: [['a', 'a']] }], 'must not repeat a name'],
  ])('refuses %s', (_, preparation, message) => expect(() => plan(preparation)).toThrow(message));
});
