/**
 * out[line] = sum over i of weights[i * lines + line] * values[i], for an even number of lines, each in the order of i.
 */
export function weightedSums(values: usize, count: u32, weights: usize, lines: u32, out: usize): void {
  const stride = (<usize>lines) << 3;
  for (let line: usize = 0; line < stride; line += 16) {
    let sum = f64x2.splat(0);
    let weight = weights + line;
    for (let at = values, end = values + ((<usize>count) << 3); at < end; at += 8, weight += stride) {
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(at), v128.load(weight)));
    }
    v128.store(out + line, sum);
  }
}

/** The inner product of two vectors of a multiple of 8 values, in eight partial sums. */
export function dot(left: usize, right: usize, count: u32): f64 {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let end = left + ((<usize>count) << 3); left < end; left += 64, right += 64) {
    a = f64x2.add(a, f64x2.mul(v128.load(left), v128.load(right)));
    b = f64x2.add(b, f64x2.mul(v128.load(left, 16), v128.load(right, 16)));
    c = f64x2.add(c, f64x2.mul(v128.load(left, 32), v128.load(right, 32)));
    d = f64x2.add(d, f64x2.mul(v128.load(left, 48), v128.load(right, 48)));
  }
  const sum = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
