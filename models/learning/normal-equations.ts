import type { Rows } from '../rows.ts';
import { columnMeans, meanOf } from './moments.ts';
import { requireTargets } from './training-refused.ts';

/** X'X and X'y of centred columns and targets, each row with its weight. */
export interface NormalEquations {
  readonly width: number;
  /** `gram[i * width + j]`, both triangles. */
  readonly gram: Float64Array;
  readonly products: Float64Array;
  /** Sum of squares of the centred targets. */
  readonly squares: number;
  /** Sum of the weights; the number of rows where there are none. */
  readonly total: number;
  readonly means: Float64Array;
  readonly mean: number;
}

/** @throws TrainingRefused where there are no rows, or not one target a row */
export function normalEquations(rows: Rows, targets: Float64Array, weights?: Float64Array): NormalEquations {
  requireTargets(rows, targets);
  const { width } = rows;
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : rows.count;
  const means = weights ? weightedMeans(rows, weights, total) : columnMeans(rows);
  const mean = weights ? targets.reduce((sum, y, i) => sum + y * (weights[i] as number), 0) / total : meanOf(targets);
  const gram = new Float64Array(width * width);
  const products = new Float64Array(width);
  const squares = accumulate({ rows, targets, weights, means, mean }, gram, products);
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) gram[j * width + i] = gram[i * width + j] as number;
  return { width, gram, products, squares, total, means, mean };
}

interface Sample {
  readonly rows: Rows;
  readonly targets: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly means: Float64Array;
  readonly mean: number;
}

/** Rows are taken four at a time: each entry of the lower triangle is then read and written once for four products. */
const BLOCK = 4;

function accumulate(
  { rows, targets, weights, means, mean }: Sample,
  gram: Float64Array,
  products: Float64Array,
): number {
  const { count, width, values } = rows;
  const block = new Float64Array(BLOCK * width);
  const residuals = new Float64Array(BLOCK);
  let squares = 0;
  for (let start = 0; start < count; start += BLOCK) {
    block.fill(0);
    residuals.fill(0);
    for (let r = 0; r < BLOCK && start + r < count; r++) {
      const root = weights ? Math.sqrt(weights[start + r] as number) : 1;
      const at = (start + r) * width;
      for (let k = 0; k < width; k++) block[r * width + k] = root * ((values[at + k] as number) - (means[k] as number));
      const residual = root * ((targets[start + r] as number) - mean);
      residuals[r] = residual;
      squares += residual * residual;
    }
    addBlock(block, residuals, width, gram, products);
  }
  return squares;
}

function addBlock(
  block: Float64Array,
  residuals: Float64Array,
  width: number,
  gram: Float64Array,
  products: Float64Array,
): void {
  const [e, f, g, h] = residuals as unknown as [number, number, number, number];
  for (let i = 0; i < width; i++) {
    const a = block[i] as number;
    const b = block[width + i] as number;
    const c = block[2 * width + i] as number;
    const d = block[3 * width + i] as number;
    products[i] = (products[i] as number) + a * e + b * f + c * g + d * h;
    const line = i * width;
    for (let j = 0; j <= i; j++) {
      gram[line + j] =
        (gram[line + j] as number) +
        a * (block[j] as number) +
        b * (block[width + j] as number) +
        c * (block[2 * width + j] as number) +
        d * (block[3 * width + j] as number);
    }
  }
}

function weightedMeans({ count, width, values }: Rows, weights: Float64Array, total: number): Float64Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    const weight = weights[row] as number;
    for (let k = 0; k < width; k++) sums[k] = (sums[k] as number) + weight * (values[row * width + k] as number);
  }
  return sums.map((sum) => sum / total);
}

/** The intercept with which the fit goes through the means. */
export const interceptOf = ({ means, mean }: NormalEquations, coefficients: ArrayLike<number>): number =>
  means.reduce((rest, value, k) => rest - value * (coefficients[k] as number), mean);

/** Sum of squared residuals of these coefficients. Rounding may leave a little less than nothing. */
export function residualSquares({ width, gram, products, squares }: NormalEquations, w: ArrayLike<number>): number {
  let sum = squares;
  for (let i = 0; i < width; i++) {
    let fitted = 0;
    for (let j = 0; j < width; j++) fitted += (gram[i * width + j] as number) * (w[j] as number);
    sum += (w[i] as number) * (fitted - 2 * (products[i] as number));
  }
  return Math.max(0, sum);
}
