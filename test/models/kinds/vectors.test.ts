import { describe, expect, it } from 'vitest';
import { smaller } from '../../../models/kinds/vectors.ts';
import { rowsOf, sparseOf } from '../../rows.ts';

describe('the smaller form of vectors', () => {
  const full = rowsOf([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const empty = rowsOf([
    [0, 0, 3, 0],
    [0, 0, 0, 0],
    [1, 0, 0, 2],
  ]);

  it('is dense for full vectors, however they come', () => {
    expect(smaller(full)).toEqual(full);
    expect(smaller(sparseOf(full))).toEqual(full);
  });

  it('is sparse for mostly empty ones, however they come', () => {
    expect(smaller(empty)).toEqual(sparseOf(empty));
    expect(smaller(sparseOf(empty))).toEqual(sparseOf(empty));
  });

  it('is dense where both take the same memory', () => {
    // Two of three cells: 2 * 12 bytes sparse, 3 * 8 dense.
    expect(smaller(rowsOf([[1, 0, 2]]))).not.toHaveProperty('offsets');
  });
});
