import { describe, expect, it } from 'vitest';
import type { Column, Frame } from '../../../models/frame.ts';
import { chooseKind, chooseTarget, classesOf, numbersOf } from '../../../models/learning/target.ts';

const numbers = (name: string, ...values: number[]): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
});
const texts = (name: string, ...values: (string | null)[]): Column => ({ name, type: 'text', values });
const frame = (...columns: Column[]): Frame => ({ count: columns[0]?.values.length ?? 0, columns });
const many = (of: (row: number) => number): Column => numbers('t', ...Array.from({ length: 100 }, (_, row) => of(row)));

describe('the target', () => {
  it('is the one that is stated', () =>
    expect(chooseTarget(frame(numbers('a', 1), numbers('b', 2)), 'b').name).toBe('b'));

  it('is the only column with a customary name', () =>
    expect(chooseTarget(frame(numbers('a', 1), numbers('Label', 2)), undefined).name).toBe('Label'));

  it.each<[string, Frame, string | undefined, string]>([
    [
      'where two have one',
      frame(numbers('y', 1), numbers('class', 1)),
      undefined,
      'must be stated: the columns are y, class',
    ],
    ['where none has one', frame(numbers('a', 1)), undefined, 'must be stated: the columns are a'],
    ['that is not there', frame(numbers('a', 1)), 'price', 'must be one of the columns a, got "price"'],
    ['with a gap', frame(numbers('y', 1, Number.NaN)), 'y', 'row 1, target "y" must not be missing'],
    ['with a gap among texts', frame(texts('y', null, 'a')), 'y', 'row 0, target "y" must not be missing'],
  ])('is refused %s', (_, table, stated, message) => expect(() => chooseTarget(table, stated)).toThrow(message));
});

describe('classes', () => {
  it('are in ascending order: numbers by value, texts by code point', () => {
    expect(classesOf(numbers('y', 10, 9, 10))).toEqual({
      labels: { datatype: 'INT64', values: [9, 10] },
      positions: Int32Array.of(1, 0, 1),
    });
    expect(classesOf(texts('y', '\u{1f600}', '\uff5e', 'b', 'a')).labels.values).toEqual([
      'a',
      'b',
      '\uff5e',
      '\u{1f600}',
    ]);
  });

  it('are integers only if they are written as such', () =>
    expect(classesOf(texts('y', '01', '2')).labels.datatype).toBe('BYTES'));

  it('must be two or more', () =>
    expect(() => classesOf(texts('y', 'a', 'a'))).toThrow('target "y" must have two classes or more, got 1'));
});

it('classes are at most a thousand: more are numbers, or ids', () => {
  const upTo = (count: number) => numbers('y', ...Array.from({ length: count }, (_, k) => k));
  expect(classesOf(upTo(1_000)).labels.values).toHaveLength(1_000);
  expect(() => classesOf(upTo(1_001))).toThrow('target "y" must have at most 1000 classes, got 1001');
});

describe('numbers to fit', () => {
  it('must vary', () =>
    expect(() => numbersOf(numbers('y', 2, 2))).toThrow('must vary: every row has the same, got 2'));
  it('must not be texts', () => expect(() => numbersOf(texts('y', 'a'))).toThrow('target "y" must be numbers'));
});

describe('the kind that nobody states', () => {
  it.each<[string, Column, string]>([
    ['texts', texts('t', 'a', 'b'), 'logistic'],
    ['few integers with rows enough', many((row) => row % 3), 'logistic'],
    ['few integers of which one is rare', many((row) => (row === 0 ? 9 : row % 3)), 'ridge'],
    ['many integers', many((row) => row % 25), 'ridge'],
    ['20 integers, each in 10 rows', numbers('t', ...Array.from({ length: 200 }, (_, row) => row % 20)), 'logistic'],
    ['21 integers, each in 10 rows', numbers('t', ...Array.from({ length: 210 }, (_, row) => row % 21)), 'ridge'],
    ['integers in 9 rows each', numbers('t', ...Array.from({ length: 18 }, (_, row) => row % 2)), 'ridge'],
    ['fractions', many((row) => (row % 2) / 2), 'ridge'],
  ])('of %s', (_, column, kind) => expect(chooseKind(column).kind).toBe(kind));

  it('is told with the reason', () => {
    expect(chooseKind(texts('t', 'a', 'b')).why).toBe('t holds texts');
    expect(chooseKind(many((row) => row % 3)).why).toBe('t holds 3 integers, each in 10 rows or more');
    expect(chooseKind(many((row) => row)).why).toBe('t holds numbers that are no classes');
  });
});
