import type { Rows } from '../rows.ts';
import { solveCholesky } from './cholesky.ts';
import type { LinearFit } from './least-squares.ts';
import { interceptOf, normalEquations } from './normal-equations.ts';
import { squaredResidualsBy } from './squared-residuals.ts';
import { TrainingRefused } from './training-refused.ts';

export interface RidgeOptions {
  /** Weight of the penalty. */
  readonly alpha: number;
  /** Of each row. */
  readonly weights?: Float64Array;
}

export interface RidgeFit extends LinearFit {
  /** sum r^2 + alpha |w|^2. */
  readonly objective: number;
}

/**
 * Minimises sum r^2 + alpha |w|^2 on centred columns; the intercept is not penalised. Hoerl and Kennard 1970.
 * @throws TrainingRefused where rows and targets do not fit, or alpha is not above 0
 */
export function ridge(rows: Rows, targets: Float64Array, { alpha, weights }: RidgeOptions): RidgeFit {
  if (!(alpha > 0 && Number.isFinite(alpha)))
    throw new TrainingRefused({ where: 'alpha', rule: 'must be > 0', found: alpha });
  const equations = normalEquations(rows, targets, weights);
  const { width, gram, products } = equations;
  const penalised = gram.slice();
  for (let k = 0; k < width; k++) penalised[k * width + k] = (penalised[k * width + k] as number) + alpha;
  const solution = products.slice();
  if (!solveCholesky(penalised, solution)) {
    throw new TrainingRefused({
      where: 'alpha',
      rule: 'must be larger for columns that depend on each other so closely',
      found: alpha,
    });
  }
  const coefficients = Array.from(solution);
  const fit = { coefficients, intercept: interceptOf(equations, coefficients) };
  const penalty = alpha * coefficients.reduce((sum, w) => sum + w * w, 0);
  return { ...fit, objective: squaredResidualsBy(equations, rows, targets, fit, weights) + penalty };
}
