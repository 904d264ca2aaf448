import type { Affine } from '../affine.ts';
import { type Explaining, requireMeans } from './explainer.ts';

/**
 * Of affine functions: (w_kj - shift_j) (x_j - mean_j), exact.
 * @param centred subtract the mean of all functions, as where only their differences mean something
 */
export const affineExplainer =
  ({ width, weights, intercept }: Affine, scale: string, centred = false): Explaining =>
  (stated) => {
    const means = requireMeans(stated);
    const targets = intercept.length;
    const own = centred ? centre(weights, targets, width) : weights;
    const offsets = centred ? centre(intercept, targets, 1) : intercept;
    return {
      method: 'linear',
      scale,
      targets,
      work: width,
      explain(values, start, target, into) {
        let [base, value] = [offsets[target] as number, offsets[target] as number];
        for (let column = 0; column < width; column++) {
          const weight = own[target * width + column] as number;
          const [x, mean] = [values[start + column] as number, means[column] as number];
          into[column] = weight * (x - mean);
          base += weight * mean;
          value += weight * x;
        }
        return { base, value };
      },
    };
  };

function centre(rows: Float64Array, count: number, width: number): Float64Array {
  const centred = rows.slice();
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += rows[k * width + column] as number;
    for (let k = 0; k < count; k++) centred[k * width + column] = (rows[k * width + column] as number) - sum / count;
  }
  return centred;
}

/** One function toward the second of two classes, as one function a class. */
export function bothWays({ width, weights, intercept }: Affine, toward: 0 | 1): Affine {
  const [own, offset] = [weights.subarray(0, width), intercept[0] as number];
  const against = own.map((weight) => -weight);
  const halves = toward === 1 ? [against, own] : [own, against];
  return {
    width,
    weights: Float64Array.from(halves.flatMap((half) => Array.from(half))),
    intercept: toward === 1 ? Float64Array.of(-offset, offset) : Float64Array.of(offset, -offset),
  };
}
