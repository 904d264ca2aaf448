/**
 * In memory, because V8 makes a constant anew at each use, by three instructions: 1 / ln 2, what rounds, ln 2 in two parts,
 * the least argument, the least argument with a normal result, and 1; then the polynomial, highest power first.
 */
const CONSTANTS = memory.data<f64>([
  1.4426950408889634, 6755399441055744.0, 0.6931471803691238, 1.9082149292705877e-10, -745, -708.3964185322641, 1,
  2.510038549551032e-8, 2.7620088445409746e-7, 2.7557268459997064e-6, 2.4801521295954376e-5, 1.9841269863053618e-4,
  1.3888888917213717e-3, 8.333333333330062e-3, 4.166666666662413e-2, 1.6666666666666669e-1, 5.000000000000001e-1,
]);

// @ts-ignore: decorator
@inline
function constant(k: usize): v128 {
  return v128.load64_splat(CONSTANTS + (k << 3));
}

// @ts-ignore: decorator
@inline
function horner(q: v128, r: v128, k: usize): v128 {
  return f64x2.add(f64x2.mul(q, r), constant(k));
}

/**
 * values[i] = exp(rate * values[i]), for an even number of arguments <= 0. n = x / ln 2 is rounded to the nearest by adding
 * 1.5 * 2^52, whose low bits then are n; r = x - n ln 2; a minimax polynomial q gives (exp(r) - 1 - r) / r^2 on
 * |r| <= ln 2 / 2.
 */
export function exponentials(values: usize, count: u32, rate: f64): void {
  const factor = f64x2.splat(rate);
  for (let end = values + ((<usize>count) << 3); values < end; values += 16) {
    const x = f64x2.pmax(f64x2.mul(factor, v128.load(values)), constant(4));
    const shifted = f64x2.add(f64x2.mul(x, constant(0)), constant(1));
    const n = f64x2.sub(shifted, constant(1));
    const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, constant(2))), f64x2.mul(n, constant(3)));
    let q = constant(7);
    q = horner(q, r, 8);
    q = horner(q, r, 9);
    q = horner(q, r, 10);
    q = horner(q, r, 11);
    q = horner(q, r, 12);
    q = horner(q, r, 13);
    q = horner(q, r, 14);
    q = horner(q, r, 15);
    q = horner(q, r, 16);
    const power = f64x2.add(constant(6), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), q)));
    const scale = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
    v128.store(values, f64x2.mul(power, v128.andnot(scale, f64x2.lt(x, constant(5)))));
  }
}
