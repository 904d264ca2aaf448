import { UnfitInput } from '../../errors.ts';

/** What a function answers where nothing is known, what it answers here, and hence what the contributions sum to. */
export interface Explained {
  readonly base: number;
  readonly value: number;
}

/** Splits what a model's functions answer into one contribution a prepared column. */
export interface Explainer {
  readonly method: 'linear' | 'rbf_shapley' | 'tree_shap';
  /** What base, contributions and value are measured in. */
  readonly scale: string;
  /** Functions that can be explained: one a class, or one a target. */
  readonly targets: number;
  /** Multiplications for one row and one function, roughly. */
  readonly work: number;
  /**
   * @param values prepared; the row begins at `start`
   * @param into one number a prepared column, overwritten
   */
  explain(values: Float64Array, start: number, target: number, into: Float64Array): Explained;
}

/** Builds an explainer; `means` are those of the prepared training rows. @throws UnfitInput where it needs and lacks them */
export type Explaining = (means: Float64Array | undefined) => Explainer;

/** @throws UnfitInput */
export function requireMeans(means: Float64Array | undefined): Float64Array {
  if (means !== undefined) return means;
  throw new UnfitInput({
    where: 'this model',
    rule: 'has no training means to explain against; give its model.json "means", or a "baseline" where nothing is prepared',
  });
}
