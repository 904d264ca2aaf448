/** What Q' makes of a tall matrix and of targets beside it: R, upper triangular, and as many of the targets. */
export interface Triangle {
  /** `R[column * size + row]`. */
  readonly R: Float64Array;
  readonly targets: Float64Array;
}

/**
 * Householder's reflections, column by column: A = QR, without Q. Golub and Van Loan, "Matrix Computations", section 5.2.2 of
 * the fourth edition.
 * @param columns a matrix with no fewer rows than columns, `columns[column * rows + row]`; used up
 * @param targets one a row; used up
 */
export function triangleOf(columns: Float64Array, rows: number, targets: Float64Array): Triangle {
  const size = columns.length / rows;
  const R = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const mirror = columns.subarray(k * rows + k, (k + 1) * rows);
    const length = Math.sqrt(product(mirror, mirror));
    const sign = (mirror[0] as number) < 0 ? -1 : 1;
    R.set(columns.subarray(k * rows, k * rows + k), k * size);
    R[k * size + k] = -sign * length;
    if (length === 0) continue;
    // Away from zero, so that nothing cancels.
    mirror[0] = (mirror[0] as number) + sign * length;
    const square = product(mirror, mirror);
    for (let j = k + 1; j < size; j++) reflect(columns.subarray(j * rows + k, (j + 1) * rows), mirror, square);
    reflect(targets.subarray(k), mirror, square);
  }
  return { R, targets: targets.slice(0, size) };
}

/** vector -= 2 (mirror . vector) / |mirror|^2 mirror. */
function reflect(vector: Float64Array, mirror: Float64Array, square: number): void {
  const share = (2 * product(vector, mirror)) / square;
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) - share * (mirror[i] as number);
}

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] as number) * (other[i] as number);
  return sum;
}
