/** Pearson's r of the rows where both are there; 0 where one of them is constant. */
export function correlation(a: Float64Array, b: Float64Array): number {
  let [count, meanA, meanB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row] as number, b[row] as number];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    count += 1;
    // Welford's update: sums of squares would lose the small differences of large values.
    const [dx, dy] = [x - meanA, y - meanB];
    meanA += dx / count;
    meanB += dy / count;
    squareA += dx * (x - meanA);
    squareB += dy * (y - meanB);
    product += dx * (y - meanB);
  }
  const scale = Math.sqrt(squareA * squareB);
  return scale > 0 ? product / scale : 0;
}
