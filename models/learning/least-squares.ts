import type { Rows } from '../rows.ts';
import { conditionBound, factorize, solveFactorized } from './cholesky.ts';
import { interceptOf, type NormalEquations, normalEquations } from './normal-equations.ts';
import { type Singular, singularValues } from './singular-values.ts';
import { squaredResidualsBy } from './squared-residuals.ts';
import { triangleOf } from './triangle.ts';

export interface LinearFit {
  readonly coefficients: readonly number[];
  readonly intercept: number;
}

/** `rank` is that of the centred columns: below their number, many coefficients fit equally well. */
export interface LeastSquaresFit extends LinearFit {
  readonly rank: number;
  /** sum of weight r^2. */
  readonly objective: number;
}

/**
 * Minimises sum of weight r^2. Columns are centred; of all that fit equally well, the coefficients with the least norm are
 * taken, as scikit-learn's LinearRegression does.
 * @param targets one number a row
 * @param weights > 0, one a row; 1 where absent
 * @throws TrainingRefused where there are no rows, or not one target a row
 */
export function leastSquares(rows: Rows, targets: Float64Array, weights?: Float64Array): LeastSquaresFit {
  const equations = normalEquations(rows, targets, weights);
  const sample: Sample = { rows, targets, weights, equations };
  const { coefficients, rank } = byCholesky(sample) ?? bySingularValues(sample);
  const fit = { coefficients, intercept: interceptOf(equations, coefficients) };
  return { ...fit, objective: squaredResidualsBy(equations, rows, targets, fit, weights), rank };
}

interface Sample {
  readonly rows: Rows;
  readonly targets: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly equations: NormalEquations;
}

interface Solution {
  readonly coefficients: number[];
  readonly rank: number;
}

/** Of X'X: the square of that of the columns, 1e6. */
const CONDITION = 1e12;
/** Beyond, X'X alone does not give ten digits, and what it leaves unexplained is solved for again. */
const PRECISE = 1e4;
const REFINEMENTS = 4;

/** Undefined where columns depend on each other too closely for X'X to tell. */
function byCholesky(sample: Sample): Solution | undefined {
  const { rows, equations } = sample;
  const { width, gram, products } = equations;
  if (rows.count <= width) return undefined;
  const L = gram.slice();
  if (!factorize(L, width)) return undefined;
  const condition = conditionBound(L, width);
  if (!(condition < CONDITION)) return undefined;
  const coefficients = products.slice();
  solveFactorized(L, coefficients);
  for (let i = 0; condition > PRECISE && i < REFINEMENTS; i++) {
    const step = slopes(sample, coefficients);
    solveFactorized(L, step);
    for (let k = 0; k < width; k++) coefficients[k] = (coefficients[k] as number) + (step[k] as number);
  }
  return { coefficients: Array.from(coefficients), rank: width };
}

/** X'W r of centred columns, from the residuals themselves. */
function slopes({ rows, targets, weights, equations }: Sample, w: Float64Array): Float64Array {
  const { width, means, mean } = equations;
  const sums = new Float64Array(width);
  const centred = new Float64Array(width);
  for (let row = 0, at = 0; row < rows.count; row++, at += width) {
    let residual = (targets[row] as number) - mean;
    for (let k = 0; k < width; k++) {
      const value = (rows.values[at + k] as number) - (means[k] as number);
      centred[k] = value;
      residual -= (w[k] as number) * value;
    }
    const weighted = (weights?.[row] ?? 1) * residual;
    for (let k = 0; k < width; k++) sums[k] = (sums[k] as number) + weighted * (centred[k] as number);
  }
  return sums;
}

function bySingularValues({ rows, targets, weights, equations }: Sample): Solution {
  const roots = weights?.map(Math.sqrt);
  const columns = centredColumns(rows, equations.means, roots);
  const centred = targets.map((target, row) => (roots?.[row] ?? 1) * (target - equations.mean));
  if (rows.count <= rows.width) return minimumNorm(singularValues(columns, rows.count), centred, rows.count);
  // Of a tall matrix the triangle says it all, and rotating its short columns costs next to nothing.
  const { R, targets: turned } = triangleOf(columns, rows.count, centred);
  return minimumNorm(singularValues(R, rows.width), turned, rows.count);
}

function centredColumns(
  { count, width, values }: Rows,
  means: Float64Array,
  roots: Float64Array | undefined,
): Float64Array {
  const columns = new Float64Array(values.length);
  for (let row = 0, at = 0; row < count; row++) {
    const root = roots?.[row] ?? 1;
    for (let column = 0; column < width; column++, at++) {
      columns[column * count + row] = root * ((values[at] as number) - (means[column] as number));
    }
  }
  return columns;
}

/**
 * w = V diag(1 / sigma) U' y over the singular values that rounding did not make.
 * @param rows of the table
 */
function minimumNorm({ scaled, V, sigma }: Singular, targets: Float64Array, rows: number): Solution {
  const width = sigma.length;
  const threshold = Math.max(...sigma) * Number.EPSILON * Math.max(width, rows);
  const coefficients = new Array<number>(width).fill(0);
  let rank = 0;
  for (let k = 0; k < width; k++) {
    const size = sigma[k] as number;
    if (size <= threshold) continue;
    rank++;
    const share = targets.reduce((sum, target, row) => sum + target * (scaled[k * targets.length + row] as number), 0);
    for (let column = 0; column < width; column++) {
      coefficients[column] = (coefficients[column] as number) + (V[k * width + column] as number) * (share / size ** 2);
    }
  }
  return { coefficients, rank };
}
