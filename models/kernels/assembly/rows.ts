// Vectors lie in blocks of 16, column by column: value k of vector 16 b + i is at (b * width + k) * 16 + i. Each lane
// adds up one vector in the order of its columns.

/** out[i] = row . vector i. */
export function products(vectors: usize, blocks: u32, width: u32, row: usize, out: usize): void {
  const end = row + ((<usize>width) << 3);
  for (let block: u32 = 0; block < blocks; block++, out += 128) {
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    for (let at = row; at < end; at += 8, vectors += 128) {
      const x = v128.load64_splat(at);
      a = f64x2.add(a, f64x2.mul(x, v128.load(vectors)));
      b = f64x2.add(b, f64x2.mul(x, v128.load(vectors, 16)));
      c = f64x2.add(c, f64x2.mul(x, v128.load(vectors, 32)));
      d = f64x2.add(d, f64x2.mul(x, v128.load(vectors, 48)));
      e = f64x2.add(e, f64x2.mul(x, v128.load(vectors, 64)));
      f = f64x2.add(f, f64x2.mul(x, v128.load(vectors, 80)));
      g = f64x2.add(g, f64x2.mul(x, v128.load(vectors, 96)));
      h = f64x2.add(h, f64x2.mul(x, v128.load(vectors, 112)));
    }
    store(out, a, b, c, d, e, f, g, h);
  }
}

/** out[i] = |row - vector i|^2. */
export function distances(vectors: usize, blocks: u32, width: u32, row: usize, out: usize): void {
  const end = row + ((<usize>width) << 3);
  for (let block: u32 = 0; block < blocks; block++, out += 128) {
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    for (let at = row; at < end; at += 8, vectors += 128) {
      const x = v128.load64_splat(at);
      a = f64x2.add(a, square(f64x2.sub(x, v128.load(vectors))));
      b = f64x2.add(b, square(f64x2.sub(x, v128.load(vectors, 16))));
      c = f64x2.add(c, square(f64x2.sub(x, v128.load(vectors, 32))));
      d = f64x2.add(d, square(f64x2.sub(x, v128.load(vectors, 48))));
      e = f64x2.add(e, square(f64x2.sub(x, v128.load(vectors, 64))));
      f = f64x2.add(f, square(f64x2.sub(x, v128.load(vectors, 80))));
      g = f64x2.add(g, square(f64x2.sub(x, v128.load(vectors, 96))));
      h = f64x2.add(h, square(f64x2.sub(x, v128.load(vectors, 112))));
    }
    store(out, a, b, c, d, e, f, g, h);
  }
}

/** values[i] = (gamma values[i] + coef0)^degree, for an even number of values, by repeated squaring. */
export function powers(values: usize, count: u32, gamma: f64, coef0: f64, degree: u32): void {
  const slope = f64x2.splat(gamma);
  const shift = f64x2.splat(coef0);
  for (let end = values + ((<usize>count) << 3); values < end; values += 16) {
    let base = f64x2.add(f64x2.mul(slope, v128.load(values)), shift);
    let power = f64x2.splat(1);
    for (let left = degree; left > 0; left >>= 1) {
      if (left & 1) power = f64x2.mul(power, base);
      base = square(base);
    }
    v128.store(values, power);
  }
}

// @ts-ignore: decorator
@inline
function square(x: v128): v128 {
  return f64x2.mul(x, x);
}

// @ts-ignore: decorator
@inline
function store(out: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): void {
  v128.store(out, a);
  v128.store(out, b, 16);
  v128.store(out, c, 32);
  v128.store(out, d, 48);
  v128.store(out, e, 64);
  v128.store(out, f, 80);
  v128.store(out, g, 96);
  v128.store(out, h, 112);
}
