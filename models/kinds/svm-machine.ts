import type { Labels } from '../labels.ts';
import type { Kernel } from './kernel.ts';
import type { Platt } from './platt.ts';
import type { Vectors } from './vectors.ts';

export const SVM_TYPES = ['c_svc', 'nu_svc', 'one_class', 'epsilon_svr', 'nu_svr'] as const;
export type SvmType = (typeof SVM_TYPES)[number];

/** What every support vector machine has: f(x) = sum over i of coefficients[i] k(x, vectors[i]) - rho. */
export interface SvmBase {
  readonly kernel: Kernel;
  readonly vectors: Vectors;
}

/** One decision function: regression, and one class against everything else. */
export interface SingleSvm extends SvmBase {
  readonly type: 'one_class' | 'epsilon_svr' | 'nu_svr';
  readonly coefficients: Float64Array;
  readonly rho: number;
}

/**
 * One decision function a pair of classes (i, j), i < j, positive for i, in LIBSVM's layout: vectors lie class by class;
 * those of class i have their coefficient against j in row j - 1, those of class j against i in row i.
 */
export interface ClassifierSvm extends SvmBase {
  readonly type: 'c_svc' | 'nu_svc';
  readonly labels: Labels;
  /** `coefficients[row * vectors.count + i]`, K - 1 rows. */
  readonly coefficients: Float64Array;
  readonly vectorsPerClass: readonly number[];
  readonly rho: Float64Array;
  readonly platt?: Platt;
  /** Which label a positive answer of two classes speaks for: LIBSVM's files the first, our trained models the second. */
  readonly toward: 0 | 1;
}

export type Svm = SingleSvm | ClassifierSvm;
