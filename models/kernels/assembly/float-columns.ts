// As rows.ts, exponential.ts and columns.ts have it, in float32: value k of vector 16 b + i is at (b * width + k) * 16 + i.

/**
 * In memory, because V8 makes a constant anew at each use: 1 / ln 2, what rounds, ln 2 in two parts, the least argument with
 * a normal result, and 1; then the polynomial, highest power first, as Cephes' expf has it (Moshier, 1992).
 */
const CONSTANTS = memory.data<f32>([
  1.4426950408889634, 12582912, 0.693359375, -2.12194440e-4, -87.33654, 1,
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);

// @ts-ignore: decorator
@inline
function constant(k: usize): v128 {
  return v128.load32_splat(CONSTANTS + (k << 2));
}

// @ts-ignore: decorator
@inline
function horner(q: v128, r: v128, k: usize): v128 {
  return f32x4.add(f32x4.mul(q, r), constant(k));
}

/** exp(x) of x <= 0; 0 below 2^-126. */
// @ts-ignore: decorator
@inline
function exponential(argument: v128): v128 {
  const x = f32x4.pmax(argument, constant(4));
  const shifted = f32x4.add(f32x4.mul(x, constant(0)), constant(1));
  const n = f32x4.sub(shifted, constant(1));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, constant(2))), f32x4.mul(n, constant(3)));
  let q = constant(6);
  q = horner(q, r, 7);
  q = horner(q, r, 8);
  q = horner(q, r, 9);
  q = horner(q, r, 10);
  q = horner(q, r, 11);
  const power = f32x4.add(constant(5), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q)));
  const scale = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
  return f32x4.mul(power, v128.andnot(scale, f32x4.lt(argument, constant(4))));
}

// @ts-ignore: decorator
@inline
function power(product: v128, slope: v128, shift: v128, degree: u32): v128 {
  let base = f32x4.add(f32x4.mul(slope, product), shift);
  let result = f32x4.splat(1);
  for (let left = degree; left > 0; left >>= 1) {
    if (left & 1) result = f32x4.mul(result, base);
    base = f32x4.mul(base, base);
  }
  return result;
}

/** The row of a vector, out of its block. */
function gather(vector: usize, width: u32, into: usize): void {
  for (const end = into + ((<usize>width) << 2); into < end; into += 4, vector += 64) {
    f32.store(into, f32.load(vector));
  }
}

// @ts-ignore: decorator
@inline
function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

// @ts-ignore: decorator
@inline
function write(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
}

/** out[i] = k(vector, vector i). */
export function floatColumn(
  vector: usize,
  vectors: usize,
  blocks: u32,
  width: u32,
  kernel: usize,
  scratch: usize,
  out: usize,
): void {
  gather(vector, width, scratch);
  const end = scratch + ((<usize>width) << 2);
  const type = <u32>f64.load(kernel);
  const slope = f32x4.splat(<f32>f64.load(kernel, 8));
  if (type === 1) {
    const rate = f32x4.neg(slope);
    for (let block: u32 = 0; block < blocks; block++, out += 64) {
      let a = f32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      for (let at = scratch; at < end; at += 4, vectors += 64) {
        const x = v128.load32_splat(at);
        a = f32x4.add(a, square(f32x4.sub(x, v128.load(vectors))));
        b = f32x4.add(b, square(f32x4.sub(x, v128.load(vectors, 16))));
        c = f32x4.add(c, square(f32x4.sub(x, v128.load(vectors, 32))));
        d = f32x4.add(d, square(f32x4.sub(x, v128.load(vectors, 48))));
      }
      a = exponential(f32x4.mul(rate, a));
      b = exponential(f32x4.mul(rate, b));
      c = exponential(f32x4.mul(rate, c));
      d = exponential(f32x4.mul(rate, d));
      write(out, a, b, c, d);
    }
    return;
  }
  const shift = f32x4.splat(<f32>f64.load(kernel, 16));
  const degree = <u32>f64.load(kernel, 24);
  for (let block: u32 = 0; block < blocks; block++, out += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let at = scratch; at < end; at += 4, vectors += 64) {
      const x = v128.load32_splat(at);
      a = f32x4.add(a, f32x4.mul(x, v128.load(vectors)));
      b = f32x4.add(b, f32x4.mul(x, v128.load(vectors, 16)));
      c = f32x4.add(c, f32x4.mul(x, v128.load(vectors, 32)));
      d = f32x4.add(d, f32x4.mul(x, v128.load(vectors, 48)));
    }
    if (type === 2) {
      a = power(a, slope, shift, degree);
      b = power(b, slope, shift, degree);
      c = power(c, slope, shift, degree);
      d = power(d, slope, shift, degree);
    }
    write(out, a, b, c, d);
  }
}
