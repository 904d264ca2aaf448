const ROUNDS: f64 = 6755399441055744;
const MANTISSA: i64 = 0x000fffffffffffff;
const ONE: i64 = 0x3ff0000000000000;

// @ts-ignore: decorator
@inline
function horner(q: v128, square: v128, divisor: f64): v128 {
  return f64x2.add(f64x2.mul(q, square), f64x2.splat(1 / divisor));
}

/**
 * log(1 + x) for x >= 0, to the last digits of small x too: 1 + x = 2^k m, 1 <= m < 2, with k = 0 below 1; the logarithm of
 * m is 2 artanh(t), t = (m - 1) / (m + 1) <= 1/3, by its series.
 */
// @ts-ignore: decorator
@inline
export function logarithm(x: v128): v128 {
  const one = f64x2.splat(1);
  const isLarge = f64x2.ge(x, one);
  const sum = f64x2.add(one, x);
  const m = v128.or(v128.and(sum, i64x2.splat(MANTISSA)), i64x2.splat(ONE));
  const exponent = i64x2.sub(i64x2.shr_u(sum, 52), i64x2.splat(1023));
  const k = f64x2.sub(i64x2.add(exponent, f64x2.splat(ROUNDS)), f64x2.splat(ROUNDS));
  const above = v128.bitselect(f64x2.sub(m, one), x, isLarge);
  const below = v128.bitselect(f64x2.add(m, one), f64x2.add(f64x2.splat(2), x), isLarge);
  const t = f64x2.div(above, below);
  const square = f64x2.mul(t, t);
  let q = f64x2.splat(1.0 / 33.0);
  q = horner(q, square, 31);
  q = horner(q, square, 29);
  q = horner(q, square, 27);
  q = horner(q, square, 25);
  q = horner(q, square, 23);
  q = horner(q, square, 21);
  q = horner(q, square, 19);
  q = horner(q, square, 17);
  q = horner(q, square, 15);
  q = horner(q, square, 13);
  q = horner(q, square, 11);
  q = horner(q, square, 9);
  q = horner(q, square, 7);
  q = horner(q, square, 5);
  q = horner(q, square, 3);
  q = horner(q, square, 1);
  const ofM = f64x2.mul(f64x2.add(t, t), q);
  return f64x2.add(v128.and(f64x2.mul(k, f64x2.splat(0.6931471805599453)), isLarge), ofM);
}
