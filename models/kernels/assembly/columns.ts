import { exponentials } from './exponential.ts';
import { distances, powers, products } from './rows.ts';

/** Blocks of vectors that are measured before their values are shaped: these stay in the first cache. */
const CHUNK: u32 = 64;

/** Values of the kernel between the row in `scratch` and `blocks` blocks, left at `out`. */
// @ts-ignore: decorator
@inline
function measure(vectors: usize, blocks: u32, width: u32, kernel: usize, scratch: usize, out: usize): void {
  const type = <u32>f64.load(kernel);
  if (type === 1) {
    distances(vectors, blocks, width, scratch, out);
    exponentials(out, blocks << 4, -f64.load(kernel, 8));
  } else {
    products(vectors, blocks, width, scratch, out);
    if (type === 2) powers(out, blocks << 4, f64.load(kernel, 8), f64.load(kernel, 16), <u32>f64.load(kernel, 24));
  }
}

/** The row of a vector, out of its block. */
function gather(vector: usize, width: u32, into: usize): void {
  for (const end = into + ((<usize>width) << 3); into < end; into += 8, vector += 128) {
    f64.store(into, f64.load(vector));
  }
}

// @ts-ignore: decorator
@inline
function afterRow(scratch: usize, width: u32): usize {
  return scratch + ((((<usize>width) + 1) >> 1) << 4);
}

/** out[i] = scale * k(vector, vector i). */
export function column(
  vector: usize,
  vectors: usize,
  blocks: u32,
  width: u32,
  kernel: usize,
  scratch: usize,
  scale: f64,
  out: usize,
): void {
  gather(vector, width, scratch);
  const values = afterRow(scratch, width);
  const factor = f64x2.splat(scale);
  for (let left = blocks; left > 0; ) {
    const chunk = min(left, CHUNK);
    measure(vectors, chunk, width, kernel, scratch, values);
    for (let at = values, end = values + ((<usize>chunk) << 7); at < end; at += 16, out += 16) {
      v128.store(out, f64x2.mul(factor, v128.load(at)));
    }
    vectors += ((<usize>chunk) * width) << 7;
    left -= chunk;
  }
}

/** sums[i] += weight * k(vector, vector i), in double. */
export function addColumn(
  vector: usize,
  vectors: usize,
  blocks: u32,
  width: u32,
  kernel: usize,
  scratch: usize,
  weight: f64,
  sums: usize,
): void {
  gather(vector, width, scratch);
  const values = afterRow(scratch, width);
  const factor = f64x2.splat(weight);
  for (let left = blocks; left > 0; ) {
    const chunk = min(left, CHUNK);
    measure(vectors, chunk, width, kernel, scratch, values);
    for (let at = values, end = values + ((<usize>chunk) << 7); at < end; at += 16, sums += 16) {
      v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(factor, v128.load(at))));
    }
    vectors += ((<usize>chunk) * width) << 7;
    left -= chunk;
  }
}
