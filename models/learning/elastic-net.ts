import type { Rows } from '../rows.ts';
import type { LinearFit } from './least-squares.ts';
import { interceptOf, type NormalEquations, normalEquations, residualSquares } from './normal-equations.ts';
import { TrainingRefused } from './training-refused.ts';

export interface ElasticNetOptions {
  /** Weight of the penalty. */
  readonly alpha: number;
  /** Share of l1: 1 is the lasso. */
  readonly l1Ratio: number;
  /** Of the gap, relative to the objective. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** Of each row. */
  readonly weights?: Float64Array;
}

export interface ElasticNetFit extends LinearFit {
  /** sum r^2 / 2n + alpha rho |w|_1 + alpha (1 - rho) / 2 |w|^2. */
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** (primal - dual) / max(1, |primal|): an upper bound on the distance to the optimum. */
  readonly gap: number;
}

const [TOLERANCE, ITERATIONS] = [1e-10, 100_000];

/**
 * Coordinate descent on the centred Gram matrix, ended by the duality gap: Friedman, Hastie and Tibshirani, JSS 33
 * (2010), section 2.2; the gap as in Kim et al., IEEE JSTSP 1 (2007).
 * @throws TrainingRefused where rows and targets do not fit, or an option is out of range
 */
export function elasticNet(rows: Rows, targets: Float64Array, options: ElasticNetOptions): ElasticNetFit {
  const { alpha, l1Ratio, tolerance = TOLERANCE, maxIterations = ITERATIONS, weights } = options;
  if (!(alpha > 0 && Number.isFinite(alpha)))
    throw new TrainingRefused({ where: 'alpha', rule: 'must be > 0', found: alpha });
  if (!(l1Ratio >= 0 && l1Ratio <= 1)) {
    throw new TrainingRefused({ where: 'l1Ratio', rule: 'must be from 0 to 1', found: l1Ratio });
  }
  const equations = normalEquations(rows, targets, weights);
  const l1 = equations.total * alpha * l1Ratio;
  const l2 = equations.total * alpha * (1 - l1Ratio);
  const { w, iterations, ...end } = descend(equations, { l1, l2, tolerance, maxIterations });
  const coefficients = Array.from(w);
  const converged = end.gap <= tolerance * Math.max(1, end.primal);
  return {
    coefficients,
    intercept: interceptOf(equations, coefficients),
    objective: end.primal / equations.total,
    iterations,
    converged,
    gap: end.gap / Math.max(1, end.primal),
  };
}

interface Penalty {
  readonly l1: number;
  readonly l2: number;
  readonly tolerance: number;
  readonly maxIterations: number;
}

function descend(equations: NormalEquations, { l1, l2, tolerance, maxIterations }: Penalty) {
  const { width, gram, products } = equations;
  const w = new Float64Array(width);
  // X'r, kept up to date at every move.
  const correlations = products.slice();
  for (let iterations = 1; ; iterations++) {
    for (let k = 0; k < width; k++) {
      const curvature = gram[k * width + k] as number;
      if (curvature === 0) continue;
      const before = w[k] as number;
      const pull = (correlations[k] as number) + curvature * before;
      const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - l1)) / (curvature + l2);
      if (after === before) continue;
      w[k] = after;
      for (let j = 0; j < width; j++) {
        correlations[j] = (correlations[j] as number) - (after - before) * (gram[k * width + j] as number);
      }
    }
    const certificate = gapOf(equations, w, correlations, l1, l2);
    if (certificate.gap <= tolerance * Math.max(1, certificate.primal) || iterations === maxIterations) {
      return { w, iterations, ...certificate };
    }
  }
}

/** Both in units of 1/2 sum r^2: the residuals, scaled until they are feasible, are a point of the dual. */
function gapOf(equations: NormalEquations, w: Float64Array, correlations: Float64Array, l1: number, l2: number) {
  const squares = residualSquares(equations, w);
  let [absolute, own, steepest, fitted] = [0, 0, 0, 0];
  for (let k = 0; k < w.length; k++) {
    const weight = w[k] as number;
    absolute += Math.abs(weight);
    own += weight * weight;
    fitted += weight * (equations.products[k] as number);
    steepest = Math.max(steepest, Math.abs((correlations[k] as number) - l2 * weight));
  }
  const primal = squares / 2 + l1 * absolute + (l2 * own) / 2;
  const scale = steepest > l1 ? l1 / steepest : 1;
  const residualTimesTarget = equations.squares - fitted;
  const dual = scale * residualTimesTarget - (scale * scale * (squares + l2 * own)) / 2;
  return { primal, gap: Math.max(0, primal - dual) };
}
