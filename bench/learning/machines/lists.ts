import type { Rows } from '../../../models/rows.ts';

/** Rows as lists, which is what trainers in npm take. */
export const listsOf = ({ count, width, values }: Rows): number[][] =>
  Array.from({ length: count }, (_, i) => listOf(values.subarray(i * width, (i + 1) * width)));

export const listOf = (values: Float64Array): number[] => Array.from(values);
