import type { Rows } from '../rows.ts';
import type { LinearFit } from './least-squares.ts';

/** sum of weight r^2, row by row: sums over normal equations would lose half of the digits. */
export function squaredResiduals(
  { count, width, values }: Rows,
  targets: Float64Array,
  { coefficients, intercept }: LinearFit,
  weights?: Float64Array,
): number {
  let sum = 0;
  for (let row = 0; row < count; row++) {
    let residual = intercept - (targets[row] as number);
    for (let k = 0; k < width; k++) residual += (coefficients[k] as number) * (values[row * width + k] as number);
    sum += (weights?.[row] ?? 1) * residual * residual;
  }
  return sum;
}
