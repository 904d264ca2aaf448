import type { PreparationPlan } from '../preparation/preparation.ts';

export interface OriginalSpace {
  readonly coefficients: unknown;
  readonly intercept: unknown;
}

/**
 * Coefficients and intercept as of features before preparation, where every step is affine: z_k = a_k x_k + b_k.
 * Undefined where a step is not, or the fit has no coefficients.
 */
export function originalSpace(
  plan: PreparationPlan,
  facts: Readonly<Record<string, unknown>>,
): OriginalSpace | undefined {
  const { coefficients, intercept } = facts;
  if (!plan.isAffine || coefficients === undefined) return undefined;
  const width = plan.names.length;
  const at = (value: number) =>
    plan.applyToRows({ count: 1, width, values: new Float64Array(width).fill(value) }).values;
  const offset = at(0);
  const slope = at(1).map((value, k) => value - (offset[k] as number));
  const unscaled = (w: readonly number[]): number[] => w.map((weight, k) => weight * (slope[k] as number));
  const moved = (w: readonly number[], b: number): number =>
    w.reduce((sum, weight, k) => sum + weight * (offset[k] as number), b);
  if (typeof intercept === 'number') {
    const w = coefficients as readonly number[];
    return { coefficients: unscaled(w), intercept: moved(w, intercept) };
  }
  const vectors = coefficients as readonly (readonly number[])[];
  const intercepts = intercept as readonly number[];
  return { coefficients: vectors.map(unscaled), intercept: vectors.map((w, k) => moved(w, intercepts[k] as number)) };
}
