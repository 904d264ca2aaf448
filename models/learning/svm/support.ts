import type { Rows } from '../../rows.ts';

/** These rows as lists, in this order. */
export const rowsAt = ({ width, values }: Rows, indices: readonly number[]): number[][] =>
  indices.map((index) => Array.from(values.subarray(index * width, (index + 1) * width)));
