/** Rows whose values stay in the first cache while every line of weights passes over them. */
const PANEL: usize = 64;

/**
 * out[line * count + r] = row r . vector line, for `count` rows, a multiple of 4, and `lines` vectors of `stride` values, a
 * multiple of 4. One lane adds up the even columns, the other the odd ones.
 */
export function rowProducts(rows: usize, count: u32, stride: u32, vectors: usize, lines: u32, out: usize): void {
  const bytes = (<usize>stride) << 3;
  const line = (<usize>count) << 3;
  for (const end = rows + (<usize>count) * bytes; rows < end; rows += bytes << 2, out += 32) {
    let to = out;
    let vector = vectors;
    let left = lines;
    for (; left > 1; left -= 2, vector += bytes << 1, to += line << 1) twoProducts(rows, bytes, vector, to, line);
    if (left > 0) oneProduct(rows, bytes, vector, to);
  }
}

function twoProducts(rows: usize, bytes: usize, vector: usize, out: usize, line: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  const second = bytes;
  const third = bytes << 1;
  const fourth = third + bytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(vector + at);
    const y = v128.load(vector + second + at);
    const a = v128.load(rows + at);
    a0 = f64x2.add(a0, f64x2.mul(a, x));
    a1 = f64x2.add(a1, f64x2.mul(a, y));
    const b = v128.load(rows + second + at);
    b0 = f64x2.add(b0, f64x2.mul(b, x));
    b1 = f64x2.add(b1, f64x2.mul(b, y));
    const c = v128.load(rows + third + at);
    c0 = f64x2.add(c0, f64x2.mul(c, x));
    c1 = f64x2.add(c1, f64x2.mul(c, y));
    const d = v128.load(rows + fourth + at);
    d0 = f64x2.add(d0, f64x2.mul(d, x));
    d1 = f64x2.add(d1, f64x2.mul(d, y));
  }
  v128.store(out, lanes(a0, b0));
  v128.store(out, lanes(c0, d0), 16);
  v128.store(out + line, lanes(a1, b1));
  v128.store(out + line, lanes(c1, d1), 16);
}

function oneProduct(rows: usize, bytes: usize, vector: usize, out: usize): void {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const third = bytes << 1;
  const fourth = third + bytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(vector + at);
    a = f64x2.add(a, f64x2.mul(v128.load(rows + at), x));
    b = f64x2.add(b, f64x2.mul(v128.load(rows + bytes + at), x));
    c = f64x2.add(c, f64x2.mul(v128.load(rows + third + at), x));
    d = f64x2.add(d, f64x2.mul(v128.load(rows + fourth + at), x));
  }
  v128.store(out, lanes(a, b));
  v128.store(out, lanes(c, d), 16);
}

/** The sum of the lanes of each of two. */
// @ts-ignore: decorator
@inline
function lanes(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

/**
 * into[line * stride + column] += sum over r of weights[line * count + r] row r[column], for `count` rows; `stride` is a
 * multiple of 4. Sums are taken of 64 rows at a time.
 */
export function addRowSums(rows: usize, count: u32, stride: u32, weights: usize, lines: u32, into: usize): void {
  const bytes = (<usize>stride) << 3;
  const line = (<usize>count) << 3;
  const end = rows + (<usize>count) * bytes;
  for (; rows < end; rows += PANEL * bytes, weights += PANEL << 3) {
    const last = min(end, rows + PANEL * bytes);
    let weight = weights;
    let to = into;
    let left = lines;
    for (; left > 1; left -= 2, weight += line << 1, to += bytes << 1) {
      addTwoSums(rows, last, bytes, weight, line, to);
    }
    if (left > 0) addOneSum(rows, last, bytes, weight, to);
  }
}

function addTwoSums(rows: usize, end: usize, bytes: usize, weights: usize, line: usize, into: usize): void {
  for (let column: usize = 0; column < bytes; column += 32) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let weight = weights;
    for (let row = rows + column; row < end; row += bytes, weight += 8) {
      const a = v128.load64_splat(weight);
      const b = v128.load64_splat(weight + line);
      const x = v128.load(row);
      const y = v128.load(row, 16);
      a0 = f64x2.add(a0, f64x2.mul(a, x));
      a1 = f64x2.add(a1, f64x2.mul(a, y));
      b0 = f64x2.add(b0, f64x2.mul(b, x));
      b1 = f64x2.add(b1, f64x2.mul(b, y));
    }
    addTo(into + column, a0, a1);
    addTo(into + bytes + column, b0, b1);
  }
}

function addOneSum(rows: usize, end: usize, bytes: usize, weights: usize, into: usize): void {
  for (let column: usize = 0; column < bytes; column += 32) {
    let a = f64x2.splat(0);
    let b = a;
    let weight = weights;
    for (let row = rows + column; row < end; row += bytes, weight += 8) {
      const w = v128.load64_splat(weight);
      a = f64x2.add(a, f64x2.mul(w, v128.load(row)));
      b = f64x2.add(b, f64x2.mul(w, v128.load(row, 16)));
    }
    addTo(into + column, a, b);
  }
}

// @ts-ignore: decorator
@inline
function addTo(into: usize, first: v128, second: v128): void {
  v128.store(into, f64x2.add(v128.load(into), first));
  v128.store(into, f64x2.add(v128.load(into, 16), second), 16);
}
