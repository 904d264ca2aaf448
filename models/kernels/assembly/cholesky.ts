/**
 * Leaves L of A = L L' in the lower triangle of A, `n` by `n`, n a multiple of 4; 0 where A is not positive definite, and 1
 * otherwise. Sums are taken of even and of odd columns before the pair of columns that an entry is in.
 */
export function factorize(A: usize, n: u32): u32 {
  const bytes = (<usize>n) << 3;
  for (let i: usize = 0; i < bytes; i += 32) {
    const row = A + (<usize>n) * i;
    for (let j: usize = 0; j <= i + 16; j += 16) {
      const other = A + (<usize>n) * j;
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      for (let k: usize = 0; k < j; k += 16) {
        const x = v128.load(other + k);
        const y = v128.load(other + bytes + k);
        const a = v128.load(row + k);
        a0 = f64x2.add(a0, f64x2.mul(a, x));
        a1 = f64x2.add(a1, f64x2.mul(a, y));
        const b = v128.load(row + bytes + k);
        b0 = f64x2.add(b0, f64x2.mul(b, x));
        b1 = f64x2.add(b1, f64x2.mul(b, y));
        const c = v128.load(row + (bytes << 1) + k);
        c0 = f64x2.add(c0, f64x2.mul(c, x));
        c1 = f64x2.add(c1, f64x2.mul(c, y));
        const d = v128.load(row + 3 * bytes + k);
        d0 = f64x2.add(d0, f64x2.mul(d, x));
        d1 = f64x2.add(d1, f64x2.mul(d, y));
      }
      if (!finish(A, bytes, i, j, a0, a1)) return 0;
      if (!finish(A, bytes, i + 8, j, b0, b1)) return 0;
      if (!finish(A, bytes, i + 16, j, c0, c1)) return 0;
      if (!finish(A, bytes, i + 24, j, d0, d1)) return 0;
    }
  }
  return 1;
}

/** Entries (i, j) and (i, j + 1), of which i and j are eight times the position; those above the diagonal are left alone. */
// @ts-ignore: decorator
@inline
function finish(A: usize, bytes: usize, i: usize, j: usize, first: v128, second: v128): bool {
  if (j > i) return true;
  const row = A + (i >> 3) * bytes;
  const above = A + (j >> 3) * bytes;
  let value = f64.load(row + j) - (f64x2.extract_lane(first, 0) + f64x2.extract_lane(first, 1));
  if (i === j) {
    if (!(value > 0)) return false;
    f64.store(row + j, sqrt(value));
    return true;
  }
  value /= f64.load(above + j);
  f64.store(row + j, value);
  let next = f64.load(row + j, 8) - (f64x2.extract_lane(second, 0) + f64x2.extract_lane(second, 1));
  next -= value * f64.load(above + bytes + j);
  if (i === j + 8) {
    if (!(next > 0)) return false;
    f64.store(row + j, sqrt(next), 8);
    return true;
  }
  f64.store(row + j, next / f64.load(above + bytes + j, 8), 8);
  return true;
}
