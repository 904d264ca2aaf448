import type { Rows, SparseRows } from '../models/rows.ts';

export const rowsOf = (table: readonly (readonly number[])[], width = table[0]?.length ?? 0): Rows => ({
  count: table.length,
  width,
  values: Float64Array.from(table.flat()),
});

/** The same rows, without their zeros. */
export function sparseOf({ count, width, values }: Rows): SparseRows {
  const filled = Array.from(values.keys()).filter((at) => values[at] !== 0);
  const offsets = Int32Array.from({ length: count + 1 }, (_, row) => filled.filter((at) => at < row * width).length);
  return {
    count,
    width,
    offsets,
    columns: Int32Array.from(filled, (at) => at % width),
    values: Float64Array.from(filled, (at) => values[at] as number),
  };
}
