import { describe, expect, it } from 'vitest';
import { rowCursor } from '../../models/rows.ts';
import { rowsOf, sparseOf } from '../rows.ts';

const table = [
  [1, 0, 2],
  [0, 0, 0],
  [0, 3, 0],
];

describe('a row cursor', () => {
  it.each([
    ['dense', rowsOf(table)],
    ['sparse', sparseOf(rowsOf(table))],
  ])('gives every %s row, in any order', (_, batch) => {
    const cursor = rowCursor(batch);
    for (const row of [0, 2, 1, 0, 0]) {
      const start = cursor.at(row);
      expect(Array.from(cursor.values.subarray(start, start + 3))).toEqual(table[row]);
    }
  });
});
