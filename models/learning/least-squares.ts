import type { Rows } from '../rows.ts';
import { columnMeans, meanOf } from './moments.ts';
import { type Singular, singularValues } from './singular-values.ts';
import { requireTargets } from './training-refused.ts';

export interface LinearFit {
  readonly coefficients: readonly number[];
  readonly intercept: number;
}

/** `rank` is that of the centred columns: below their number, many coefficients fit equally well. */
export interface LeastSquaresFit extends LinearFit {
  readonly rank: number;
}

/**
 * Minimises sum r^2. Columns are centred; of all that fit equally well, the coefficients with the least norm are
 * taken, as scikit-learn's LinearRegression does.
 * @param targets one number a row
 * @throws TrainingRefused where there are no rows, or not one target a row
 */
export function leastSquares(rows: Rows, targets: Float64Array): LeastSquaresFit {
  requireTargets(rows, targets);
  const means = columnMeans(rows);
  const mean = meanOf(targets);
  const decomposition = singularValues(centredColumns(rows, means), rows.count);
  const { coefficients, rank } = minimumNorm(
    decomposition,
    targets.map((target) => target - mean),
  );
  const intercept = coefficients.reduce((rest, weight, column) => rest - weight * (means[column] as number), mean);
  return { coefficients, intercept, rank };
}

function centredColumns({ count, width, values }: Rows, means: Float64Array): Float64Array {
  const columns = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const column = at % width;
    columns[column * count + (at - column) / width] = (values[at] as number) - (means[column] as number);
  }
  return columns;
}

/** w = V diag(1 / sigma) U' y over the singular values that rounding did not make. */
function minimumNorm({ scaled, V, sigma }: Singular, targets: Float64Array): { coefficients: number[]; rank: number } {
  const width = sigma.length;
  const threshold = Math.max(...sigma) * Number.EPSILON * Math.max(width, targets.length);
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
