/**
 * Solves A x = b in place for a symmetric positive definite A, `A[row * n + column]`; only the lower triangle is read
 * and overwritten.
 * @returns false where A is not positive definite: then A and b are spoiled
 */
export function solveCholesky(A: Float64Array, b: Float64Array): boolean {
  if (!factorize(A, b.length)) return false;
  solveFactorized(A, b);
  return true;
}

/** Leaves L of A = L L' in the lower triangle. @returns false where A is not positive definite: then A is spoiled */
export function factorize(A: Float64Array, n: number): boolean {
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

/** Solves L L' x = b in place. */
export function solveFactorized(L: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (L[i * n + k] as number) * (b[k] as number);
    b[i] = sum / (L[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = (b[i] as number) / (L[i * n + i] as number);
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - value * (L[i * n + k] as number);
  }
}

/**
 * No less than the condition number of A = L L': the trace of A times that of its inverse, which is |L|^2 times the sum of
 * squares of the inverse of L.
 */
export function conditionBound(L: Float64Array, n: number): number {
  let [trace, inverseTrace] = [0, 0];
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      trace += (L[i * n + j] as number) ** 2;
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= (L[i * n + k] as number) * (column[k] as number);
      column[i] = sum / (L[i * n + i] as number);
      inverseTrace += (column[i] as number) ** 2;
    }
  }
  return trace * inverseTrace;
}
