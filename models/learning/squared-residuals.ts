import type { Rows } from '../rows.ts';
import type { LinearFit } from './least-squares.ts';
import { type NormalEquations, residualSquares } from './normal-equations.ts';

/** sum of weight r^2, row by row: sums over normal equations would lose half of the digits of a close fit. */
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

/** Share of the squares that must be left for normal equations to tell the rest to twelve digits. */
const TOLD = 1e-3;

/** The same from normal equations where the fit is loose enough for them, otherwise row by row. */
export function squaredResidualsBy(
  equations: NormalEquations,
  rows: Rows,
  targets: Float64Array,
  fit: LinearFit,
  weights?: Float64Array,
): number {
  const squares = residualSquares(equations, fit.coefficients);
  return squares >= TOLD * equations.squares ? squares : squaredResiduals(rows, targets, fit, weights);
}
