/** into[r][k] = scales[r] * (from[r][k] - shift[k]), rows of `width` to rows of `stride`, which is no less; the rest 0. */
export function pack(
  from: usize,
  rows: u32,
  width: u32,
  shift: usize,
  scales: usize,
  into: usize,
  stride: u32,
): void {
  const even = ((<usize>width) >> 1) << 4;
  const wide = (<usize>stride) << 3;
  const bytes = (<usize>width) << 3;
  for (let row: u32 = 0; row < rows; row++, from += bytes, into += wide, scales += 8) {
    const scale = v128.load64_splat(scales);
    for (let at: usize = 0; at < even; at += 16) {
      v128.store(into + at, f64x2.mul(scale, f64x2.sub(v128.load(from + at), v128.load(shift + at))));
    }
    for (let at = even; at < wide; at += 8) f64.store(into + at, 0);
    if (width & 1) {
      f64.store(into + even, f64.load(scales) * (f64.load(from + even) - f64.load(shift + even)));
    }
  }
}

/**
 * into[i][j] += sum over rows of left[r][i] * right[r][j]. Strides are multiples of 4. With `upper`, only the tiles of 4
 * by 4 on and above the diagonal.
 */
export function addCrossProducts(
  left: usize,
  leftStride: u32,
  right: usize,
  rightStride: u32,
  rows: u32,
  into: usize,
  upper: u32,
): void {
  const leftBytes = (<usize>leftStride) << 3;
  const rightBytes = (<usize>rightStride) << 3;
  const end = left + (<usize>rows) * leftBytes;
  for (let i: usize = 0; i < leftBytes; i += 32) {
    for (let j: usize = upper ? i : 0; j < rightBytes; j += 32) {
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      let p = left + i;
      let q = right + j;
      for (; p < end; p += leftBytes, q += rightBytes) {
        const y0 = v128.load(q);
        const y1 = v128.load(q, 16);
        const a = v128.load64_splat(p);
        a0 = f64x2.add(a0, f64x2.mul(a, y0));
        a1 = f64x2.add(a1, f64x2.mul(a, y1));
        const b = v128.load64_splat(p, 8);
        b0 = f64x2.add(b0, f64x2.mul(b, y0));
        b1 = f64x2.add(b1, f64x2.mul(b, y1));
        const c = v128.load64_splat(p, 16);
        c0 = f64x2.add(c0, f64x2.mul(c, y0));
        c1 = f64x2.add(c1, f64x2.mul(c, y1));
        const d = v128.load64_splat(p, 24);
        d0 = f64x2.add(d0, f64x2.mul(d, y0));
        d1 = f64x2.add(d1, f64x2.mul(d, y1));
      }
      let out = into + (i >> 3) * rightBytes + j;
      add(out, a0, a1);
      out += rightBytes;
      add(out, b0, b1);
      out += rightBytes;
      add(out, c0, c1);
      out += rightBytes;
      add(out, d0, d1);
    }
  }
}

// @ts-ignore: decorator
@inline
function add(out: usize, first: v128, second: v128): void {
  v128.store(out, f64x2.add(v128.load(out), first));
  v128.store(out, f64x2.add(v128.load(out, 16), second), 16);
}
