/** A batch of numeric rows, row-major: `values[row * width + column]`. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly values: Float64Array;
}
