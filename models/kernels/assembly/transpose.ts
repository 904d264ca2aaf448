/** into[column * stride + row] = from[row * columns + column]. */
export function transpose(from: usize, rows: u32, columns: u32, into: usize, stride: u32): void {
  const step = (<usize>stride) << 3;
  for (let row: u32 = 0; row < rows; row++, into += 8) {
    let to = into;
    for (const end = from + ((<usize>columns) << 3); from < end; from += 8, to += step) {
      f64.store(to, f64.load(from));
    }
  }
}
