import type { KernelParameters } from '../../kinds/kernel.ts';
import type { Rows } from '../../rows.ts';
import { TrainingRefused } from '../training-refused.ts';
import type { TrainingKernel } from './training-kernel.ts';

export interface KernelChoice {
  readonly type: 'rbf' | 'linear' | 'poly';
  /** `scale` is 1 / (columns times their pooled variance), `auto` 1 / columns. */
  readonly gamma: number | 'scale' | 'auto';
  readonly degree: number;
  readonly coef0: number;
}

export interface SvmOptions {
  readonly kernel: KernelChoice;
  /** Weight of the loss. */
  readonly C: number;
  /** Of the violation of the optimality conditions, in units of the decision function. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** For columns of the kernel matrix. */
  readonly cacheBytes?: number;
}

export const svmDefaults = { tolerance: 1e-4, maxIterations: 10_000_000, cacheBytes: 512 * 1024 * 1024 } as const;

/** @throws TrainingRefused where C or gamma is not above 0 */
export function checkSvmOptions({ C, kernel }: SvmOptions): void {
  if (!(C > 0 && Number.isFinite(C))) throw new TrainingRefused({ where: 'C', rule: 'must be > 0', found: C });
  const { gamma } = kernel;
  if (typeof gamma === 'number' && !(gamma > 0 && Number.isFinite(gamma))) {
    throw new TrainingRefused({ where: 'gamma', rule: 'must be > 0', found: gamma });
  }
}

/** The kernel with gamma as a number, by the prepared training rows. */
export function resolveKernel({ type, gamma, degree, coef0 }: KernelChoice, rows: Rows): TrainingKernel {
  if (type === 'linear') return { type };
  const resolved =
    typeof gamma === 'number' ? gamma : 1 / (rows.width * (gamma === 'auto' ? 1 : pooledVariance(rows) || 1));
  return type === 'rbf' ? { type, gamma: resolved } : { type, gamma: resolved, coef0, degree };
}

/** Of all entries together, ddof 0; 0 becomes 1 as scikit-learn has it. */
function pooledVariance({ values }: Rows): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2;
  return squares / values.length;
}

/** As `model.json` states it. */
export function statedKernel(kernel: TrainingKernel): KernelParameters {
  switch (kernel.type) {
    case 'linear':
      return { name: 'linear' };
    case 'rbf':
      return { name: 'rbf', gamma: kernel.gamma };
    case 'poly':
      return { name: 'polynomial', gamma: kernel.gamma, coef0: kernel.coef0, degree: kernel.degree };
  }
}
