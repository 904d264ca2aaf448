/** A kernel with its numbers resolved. `poly` is (gamma x z + coef0)^degree, `rbf` exp(-gamma |x - z|^2). */
export type TrainingKernel =
  | { readonly type: 'linear' }
  | { readonly type: 'rbf'; readonly gamma: number }
  | { readonly type: 'poly'; readonly gamma: number; readonly coef0: number; readonly degree: number };
