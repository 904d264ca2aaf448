/**
 * Solves A x = b in place for a symmetric positive definite A, `A[row * n + column]`; only the lower triangle is read
 * and overwritten.
 * @returns false where A is not positive definite: then A and b are spoiled
 */
export function solveCholesky(A: Float64Array, b: Float64Array): boolean {
  const n = b.length;
  if (!factorize(A, n)) return false;
  for (let i = 0; i < n; i++) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (A[i * n + k] as number) * (b[k] as number);
    b[i] = sum / (A[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (A[k * n + i] as number) * (b[k] as number);
    b[i] = sum / (A[i * n + i] as number);
  }
  return true;
}

function factorize(A: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (A[i * n + k] as number) * (A[j * n + k] as number);
      if (i !== j) A[i * n + j] = sum / (A[j * n + j] as number);
      else if (sum > 0) A[i * n + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}
