/** A thin singular value decomposition, columns side by side: A = U diag(sigma) V', with U's columns still scaled by sigma. */
export interface Singular {
  /** U diag(sigma), `scaled[column * rows + row]`. */
  readonly scaled: Float64Array;
  /** `V[column * columns + row]`. */
  readonly V: Float64Array;
  readonly sigma: Float64Array;
}

const SWEEPS = 60;

/**
 * One-sided Jacobi: rotates pairs of columns until all are orthogonal. Accurate for small singular values too.
 * Golub and Van Loan, "Matrix Computations", section 8.6.3 of the fourth edition.
 * @param columns the matrix, `columns[column * rows + row]`; not changed
 */
export function singularValues(columns: Float64Array, rows: number): Singular {
  const size = columns.length / rows;
  const scaled = columns.slice();
  const V = identity(size);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotated = orthogonalize(scaled, rows, V, size, p, q) || rotated;
    }
    if (!rotated) break;
  }
  const sigma = Float64Array.from({ length: size }, (_, column) => Math.sqrt(inner(scaled, rows, column, column)));
  return { scaled, V, sigma };
}

function orthogonalize(A: Float64Array, rows: number, V: Float64Array, size: number, p: number, q: number): boolean {
  const [alpha, beta, gamma] = [inner(A, rows, p, p), inner(A, rows, q, q), inner(A, rows, p, q)];
  if (Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  rotate(A, rows, p, q, cosine, cosine * tangent);
  rotate(V, size, p, q, cosine, cosine * tangent);
  return true;
}

function rotate(A: Float64Array, rows: number, p: number, q: number, cosine: number, sine: number): void {
  for (let i = p * rows, j = q * rows; i < (p + 1) * rows; i++, j++) {
    const value = A[i] as number;
    A[i] = cosine * value - sine * (A[j] as number);
    A[j] = sine * value + cosine * (A[j] as number);
  }
}

function inner(A: Float64Array, rows: number, p: number, q: number): number {
  let sum = 0;
  for (let i = p * rows, j = q * rows; i < (p + 1) * rows; i++, j++) sum += (A[i] as number) * (A[j] as number);
  return sum;
}

function identity(size: number): Float64Array {
  const I = new Float64Array(size * size);
  for (let i = 0; i < size; i++) I[i * size + i] = 1;
  return I;
}
