import type { LogisticFit } from '../../../../models/learning/logistic/logistic.ts';
import type { Rows } from '../../../../models/rows.ts';

/** The loss C sum s_i loss_i of a fit and its slopes, row by row as the definition has it. */
export function lossOf(
  { count, width, values }: Rows,
  targets: ArrayLike<number>,
  { coefficients, intercept }: Pick<LogisticFit, 'coefficients' | 'intercept'>,
  countOf: (row: number) => number,
) {
  const vectors = coefficients.length;
  const slopes = coefficients.map(() => new Array<number>(width).fill(0));
  const interceptSlopes = coefficients.map(() => 0);
  let loss = 0;
  for (let row = 0; row < count; row++) {
    const x = Array.from(values.subarray(row * width, (row + 1) * width));
    const own = coefficients.map((w, k) => w.reduce((sum, weight, j) => sum + weight * (x[j] as number), intercept[k]));
    const logits = (vectors === 1 ? [0, ...own] : own) as number[];
    const largest = Math.max(...logits);
    const total = logits.reduce((sum, z) => sum + Math.exp(z - largest), 0);
    loss += countOf(row) * (largest + Math.log(total) - (logits[targets[row] as number] as number));
    for (let k = 0; k < vectors; k++) {
      const at = logits.length - vectors + k;
      const share = Math.exp((logits[at] as number) - largest) / total;
      const residual = countOf(row) * (share - (targets[row] === at ? 1 : 0));
      interceptSlopes[k] = (interceptSlopes[k] as number) + residual;
      x.forEach((value, j) => {
        const line = slopes[k] as number[];
        line[j] = (line[j] as number) + residual * value;
      });
    }
  }
  return { loss, slopes, interceptSlopes };
}
