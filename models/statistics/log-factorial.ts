/** ln(n!) by Stirling's series from 20 on, whose next term is below 1e-13 there. */
export function logFactorial(n: number): number {
  if (n < SMALL.length) return SMALL[n] as number;
  const inverse = 1 / (n * n);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1_260 - inverse / 1_680))) / n;
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + series;
}

const SMALL = Array.from({ length: 20 }, (_, n) => {
  let product = 1;
  for (let factor = 2; factor <= n; factor++) product *= factor;
  return Math.log(product);
});

/** ln of n over k. */
export const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
