import type { SvmParameters } from '../../kinds/svm-parameters.ts';
import type { Rows } from '../../rows.ts';
import { range } from '../split.ts';
import { requireTargets, TrainingRefused } from '../training-refused.ts';
import { inBlocks, kernelMatrix } from './kernel-matrix.ts';
import { solveDual } from './smo.ts';
import { rowsAt } from './support.ts';
import { checkSvmOptions, resolveKernel, type SvmOptions, statedKernel, svmDefaults } from './svm-options.ts';

export interface SvrOptions extends SvmOptions {
  /** Half the width of the tube in which an error costs nothing. */
  readonly epsilon: number;
  /** Of each row; multiplies C. */
  readonly weights?: Float64Array;
}

export interface SvrFit {
  readonly parameters: SvmParameters;
  /** 1/2 b' K b + epsilon sum |b| - sum y b, minimised. */
  readonly objective: number;
  readonly intercept: number;
  /** Rows that the function rests on, ascending. */
  readonly supportIndices: readonly number[];
  /** b, one a support vector. */
  readonly dual: readonly number[];
  readonly gamma: number | undefined;
  readonly iterations: number;
  readonly converged: boolean;
  /** (primal - dual) / max(1, |primal|): an upper bound on the distance to the optimum. */
  readonly gap: number;
}

/**
 * Epsilon-support vector regression: Vapnik 1998; the dual in 2n variables as in Chang and Lin, "LIBSVM", ACM TIST 2011.
 * @throws TrainingRefused where rows and targets do not fit, or an option is out of range
 */
export function trainSvr(rows: Rows, targets: Float64Array, options: SvrOptions): SvrFit {
  requireTargets(rows, targets);
  checkSvmOptions(options);
  const { epsilon, C, weights, cacheBytes = svmDefaults.cacheBytes } = options;
  if (!(epsilon >= 0)) throw new TrainingRefused({ where: 'epsilon', rule: 'must be >= 0', found: epsilon });
  const { count } = rows;
  const kernel = resolveKernel(options.kernel, rows);
  const y = Int8Array.from({ length: 2 * count }, (_, t) => (t < count ? 1 : -1));
  const p = Float64Array.from(y, (sign, t) => epsilon - sign * (targets[t % count] as number));
  const upper = Float64Array.from(y, (_, t) => C * (weights?.[t % count] ?? 1));
  const matrix = kernelMatrix(rows, kernel, {
    segments: [range(0, count)],
    variables: 2 * inBlocks(count),
    cacheBytes,
  });
  const solution = solveDual({ matrix, parts: [0, 0], y, p, upper }, { ...svmDefaults, ...options });
  const { alpha, slopes, rho, objective } = solution;
  const b = Float64Array.from({ length: count }, (_, i) => (alpha[i] as number) - (alpha[count + i] as number));
  const supportIndices = Array.from(b.keys()).filter((i) => b[i] !== 0);
  const dual = supportIndices.map((i) => b[i] as number);
  return {
    parameters: {
      type: 'epsilon_svr',
      kernel: statedKernel(kernel),
      supportVectors: rowsAt(rows, supportIndices),
      coefficients: [dual],
      rho: [rho],
    },
    objective,
    intercept: -rho,
    supportIndices,
    dual,
    gamma: kernel.type === 'linear' ? undefined : kernel.gamma,
    iterations: solution.iterations,
    converged: solution.converged,
    gap: gapOf({ b, slopes, targets, upper, epsilon, rho, objective }),
  };
}

interface Certificate {
  readonly b: Float64Array;
  readonly slopes: Float64Array;
  readonly targets: Float64Array;
  readonly upper: Float64Array;
  readonly epsilon: number;
  readonly rho: number;
  readonly objective: number;
}

/** F_t = (K b)_t + epsilon - y_t for t < n, so that the primal objective needs no further kernel value. */
function gapOf({ b, slopes, targets, upper, epsilon, rho, objective }: Certificate): number {
  let [norm, loss] = [0, 0];
  for (let t = 0; t < b.length; t++) {
    const target = targets[t] as number;
    const score = (slopes[t] as number) - epsilon + target;
    norm += (b[t] as number) * score;
    loss += (upper[t] as number) * Math.max(0, Math.abs(score - rho - target) - epsilon);
  }
  const primal = norm / 2 + loss;
  return (primal + objective) / Math.max(1, Math.abs(primal));
}
