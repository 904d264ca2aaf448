/** A batch of numeric rows, row-major: `values[row * width + column]`. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly values: Float64Array;
}

/**
 * A batch of mostly empty rows (compressed sparse rows). Row r holds `values[i]` at column `columns[i]`
 * for i from `offsets[r]` to `offsets[r + 1]`, and zero elsewhere; `offsets` has `count + 1` entries.
 */
export interface SparseRows {
  readonly count: number;
  readonly width: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

export type Batch = Rows | SparseRows;

/** Gives each row in turn as `width` dense values, in `values` from the place that `at(row)` answers. */
export interface RowCursor {
  readonly values: Float64Array;
  at(row: number): number;
}

/** A cursor over either form of batch. One scratch row serves every sparse row: a place is good until the next. */
export const rowCursor = (batch: Batch): RowCursor => ('offsets' in batch ? scatter(batch) : dense(batch));

const dense = ({ values, width }: Rows): RowCursor => ({ values, at: (row) => row * width });

function scatter({ width, offsets, columns, values }: SparseRows): RowCursor {
  const scratch = new Float64Array(width);
  let [from, to] = [0, 0];
  return {
    values: scratch,
    at(row) {
      for (let i = from; i < to; i++) scratch[columns[i] as number] = 0;
      [from, to] = [offsets[row] as number, offsets[row + 1] as number];
      for (let i = from; i < to; i++) scratch[columns[i] as number] = values[i] as number;
      return 0;
    },
  };
}
