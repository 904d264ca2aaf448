import { rowCursor } from '../../rows.ts';
import type { Vectors } from '../vectors.ts';
import { type Explaining, requireMeans } from './explainer.ts';
import { gaussLegendre } from './gauss-legendre.ts';

/** Functions sum over i of `coefficients[target * vectors.count + i]` exp(-gamma |x - v_i|^2) - `rho[target]`. */
export interface RbfFunctions {
  readonly gamma: number;
  readonly vectors: Vectors;
  readonly coefficients: Float64Array;
  readonly rho: Float64Array;
}

/**
 * Shapley values of an RBF kernel expansion against one point, the training means: exact, no sampling. The kernel is a
 * product of one factor a column, so that
 *
 *   phi_j = integral over t in [0, 1] of sum_i a_i (k_ij(x) - k_ij(b)) prod over l /= j of (t k_il(x) + (1 - t) k_il(b)),
 *
 * whose integrand is a polynomial of degree d - 1 in t: ceil(d / 2) nodes of Gauss and Legendre integrate it exactly
 * (the multilinear extension: Owen, Management Science 18, 1972). Products by prefix and suffix: a factor may be 0.
 */
export const rbfExplainer =
  ({ gamma, vectors, coefficients, rho }: RbfFunctions, scale: string): Explaining =>
  (stated) => {
    const means = requireMeans(stated);
    const { count, width } = vectors;
    const { nodes, weights } = gaussLegendre(Math.max(1, Math.ceil(width / 2)));
    const cursor = rowCursor(vectors);
    const [here, there] = [new Float64Array(width), new Float64Array(width)];
    const suffix = new Float64Array(width + 1);
    const mixed = new Float64Array(width);

    /** Adds what one vector contributes at one node. */
    const addNode = (t: number, weight: number, into: Float64Array): void => {
      for (let l = 0; l < width; l++) mixed[l] = t * (here[l] as number) + (1 - t) * (there[l] as number);
      suffix[width] = 1;
      for (let l = width - 1; l >= 0; l--) suffix[l] = (suffix[l + 1] as number) * (mixed[l] as number);
      let prefix = weight;
      for (let l = 0; l < width; l++) {
        into[l] =
          (into[l] as number) + ((here[l] as number) - (there[l] as number)) * prefix * (suffix[l + 1] as number);
        prefix *= mixed[l] as number;
      }
    };

    return {
      method: 'rbf_shapley',
      scale,
      targets: rho.length,
      work: count * width * nodes.length * 4,
      explain(values, start, target, into) {
        into.fill(0);
        let base = -(rho[target] as number);
        let value = base;
        for (let i = 0; i < count; i++) {
          const coefficient = coefficients[target * count + i] as number;
          if (coefficient === 0) continue;
          const from = cursor.at(i);
          let [far, farFromMeans] = [0, 0];
          for (let l = 0; l < width; l++) {
            const support = cursor.values[from + l] as number;
            const [own, mean] = [(values[start + l] as number) - support, (means[l] as number) - support];
            far += own * own;
            farFromMeans += mean * mean;
            here[l] = Math.exp(-gamma * own * own);
            there[l] = Math.exp(-gamma * mean * mean);
          }
          value += coefficient * Math.exp(-gamma * far);
          base += coefficient * Math.exp(-gamma * farFromMeans);
          for (let q = 0; q < nodes.length; q++)
            addNode(nodes[q] as number, coefficient * (weights[q] as number), into);
        }
        return { base, value };
      },
    };
  };
