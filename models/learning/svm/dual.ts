import type { KernelMatrix } from './kernel-matrix.ts';

/**
 * Variables come part by part, and those of a part belong to the rows of one segment of the matrix: a pair of classes has a
 * part each, regression the same segment twice.
 */
export interface Variables {
  readonly matrix: KernelMatrix;
  /** The segment of each part. */
  readonly parts: readonly number[];
  /** +1 or -1, one a variable. */
  readonly y: Int8Array;
  /** 0 holds a row back: it takes no part, but has its slope. */
  readonly upper: Float64Array;
}

/** min 1/2 a' Q a + p' a, 0 <= a_t <= upper_t, y' a = 0, with Q_ts = y_t y_s k(t, s). */
export interface DualProblem extends Variables {
  readonly p: Float64Array;
}

export interface DualOptions {
  /** Of the violation of the optimality conditions, in units of the decision function. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Narrows the search to those variables that may still move, where that pays; so by default. */
  readonly shrink?: boolean;
}

export interface DualSolution {
  readonly alpha: Float64Array;
  /** y_t (Q a + p)_t. */
  readonly slopes: Float64Array;
  readonly rho: number;
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}
