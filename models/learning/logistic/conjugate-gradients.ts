import type { Curvature } from './curvature.ts';
import { type Design, multiply, seen, sumRows } from './design.ts';

/** Steps of conjugate gradients for one step of Newton's method. */
const MOST = 2_000;

/**
 * The Hessian at the probabilities of the design as a product, solved by conjugate gradients with its diagonal before it, to
 * the precision that is of use so far from the optimum. Nocedal and Wright, "Numerical Optimization", algorithm 7.1.
 * @param ridge weight of |w|^2 / 2
 * @param precision of the residual, relative to the slopes
 */
export function iteratedCurvature(design: Design, ridge: number, precision: number): Curvature {
  const diagonal = diagonalOf(design, ridge);
  return {
    step(slopes) {
      const { length } = slopes;
      const step = new Float64Array(length);
      const residual = slopes.map((slope) => -slope);
      const scaled = residual.map((value, i) => value / (diagonal[i] as number));
      const direction = scaled.slice();
      let energy = inner(residual, scaled);
      const enough = precision ** 2 * energy;
      for (let i = 0; i < MOST && energy > enough; i++) {
        const product = curved(design, direction, ridge);
        const curvature = inner(direction, product);
        if (!(curvature > 0)) break;
        const along = energy / curvature;
        for (let k = 0; k < length; k++) {
          step[k] = (step[k] as number) + along * (direction[k] as number);
          residual[k] = (residual[k] as number) - along * (product[k] as number);
          scaled[k] = (residual[k] as number) / (diagonal[k] as number);
        }
        const next = inner(residual, scaled);
        const turn = next / energy;
        for (let k = 0; k < length; k++) direction[k] = (scaled[k] as number) + turn * (direction[k] as number);
        energy = next;
      }
      return step;
    },
  };
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** H v: of each row and class, count p_k (d_k - sum p_l d_l) with d = X v; then X' of that. */
function curved(design: Design, v: Float64Array, ridge: number): Float64Array {
  const { count, vectors, stride, width } = design;
  multiply(design, v, 'moves');
  const [p, d] = [seen(design, 'probabilities', vectors * count), seen(design, 'moves', vectors * count)];
  const counts = seen(design, 'counts', count);
  for (let row = 0; row < count; row++) {
    let mean = 0;
    for (let at = row; at < p.length; at += count) mean += (p[at] as number) * (d[at] as number);
    const c = counts[row] as number;
    if (vectors === 1) d[row] = c * mean * (1 - (p[row] as number));
    else for (let at = row; at < p.length; at += count) d[at] = c * (p[at] as number) * ((d[at] as number) - mean);
  }
  const product = sumRows(design, 'moves');
  for (let at = 0; at < product.length; at++) {
    if (at % stride > width) product[at] = 0;
    else if (at % stride < width) product[at] = (product[at] as number) + ridge * (v[at] as number);
  }
  return product;
}

function diagonalOf(design: Design, ridge: number): Float64Array {
  const { count, vectors, stride, width, parameters } = design;
  const [p, rows] = [seen(design, 'probabilities', vectors * count), seen(design, 'rows', count * stride)];
  const counts = seen(design, 'counts', count);
  const diagonal = new Float64Array(parameters);
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < vectors; k++) {
      const own = p[k * count + row] as number;
      const weight = (counts[row] as number) * own * (1 - own);
      if (weight === 0) continue;
      for (let column = 0; column <= width; column++) {
        const x = rows[row * stride + column] as number;
        diagonal[k * stride + column] = (diagonal[k * stride + column] as number) + weight * x * x;
      }
    }
  }
  return diagonal.map((value, at) => (at % stride < width ? value + ridge : value) || 1);
}
