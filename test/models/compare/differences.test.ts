import { describe, expect, test } from 'vitest';
import { type Answered, comparisonOf, differencesOf } from '../../../models/compare/differences.ts';
import { fp64, type Tensor } from '../../../models/tensor.ts';

const utf8 = new TextEncoder();
const numbers = (...values: number[]): Answered => ({
  outputs: new Map<string, Tensor>([['predict', fp64([values.length], Float64Array.from(values))]]),
});
const texts = (labels: string[], probabilities?: number[], order: string[] = []): Answered => ({
  outputs: new Map<string, Tensor>([
    ['predict', { datatype: 'BYTES', shape: [labels.length], data: labels.map((label) => utf8.encode(label)) }],
    ...(probabilities
      ? ([['predict_proba', fp64([labels.length, order.length], Float64Array.from(probabilities))]] as const)
      : []),
  ]),
  ...(probabilities && { labels: order }),
});

describe('two versions on the same rows', () => {
  test('differ in numbers by their distance, and not by rounding', () => {
    const found = differencesOf(numbers(1, 2, 1e12), numbers(1, 5, 1e12 + 100));
    expect(found.map(({ changed, size }) => [changed, size])).toEqual([
      [false, 0],
      [true, 3],
      [false, 100],
    ]);
  });

  test('differ in labels by the probability that moved most, whatever the order of the labels', () => {
    const before = texts(['a', 'b'], [0.9, 0.1, 0.4, 0.6], ['a', 'b']);
    const after = texts(['a', 'a'], [0.2, 0.8, 0.3, 0.7], ['b', 'a']);
    const [kept, moved] = differencesOf(before, after);
    expect(kept).toMatchObject({ before: 'a', after: 'a', changed: false });
    expect(kept?.size).toBeCloseTo(0.1, 12);
    expect(moved).toMatchObject({ before: 'b', after: 'a', changed: true });
    expect(moved?.size).toBeCloseTo(0.3, 12);
  });

  test('give a label that only one of them knows the probability 0 in the other', () => {
    const [only] = differencesOf(texts(['a'], [1, 0], ['a', 'b']), texts(['c'], [0.3, 0.7], ['a', 'c']));
    expect(only).toMatchObject({ changed: true, size: 0.7 });
  });

  test('differ in labels by one where nobody states probabilities', () => {
    expect(differencesOf(texts(['a', 'b']), texts(['a', 'c'])).map(({ size }) => size)).toEqual([0, 1]);
  });

  test('differ in every target of a row, by the one that is furthest off', () => {
    const wide = (...values: number[]): Answered => ({
      outputs: new Map([['predict', fp64([1, 2], Float64Array.from(values))]]),
    });
    expect(differencesOf(wide(1, 2), wide(1, 4))).toEqual([{ before: '1 2', after: '1 4', changed: true, size: 2 }]);
  });

  test('are told together', () => {
    expect(comparisonOf(differencesOf(numbers(1, 2, 3), numbers(1, 2.5, 9)))).toEqual({
      rows: 3,
      changed: 2,
      largest: 6,
    });
    expect(comparisonOf([])).toEqual({ rows: 0, changed: 0, largest: 0 });
  });

  test('must have answered the same rows', () => {
    expect(() => differencesOf(numbers(1), numbers(1, 2))).toThrow('1 rows against 2');
  });
});
