import type { Explanation, Wanted } from './explanation.ts';
import type { Signature } from './signature.ts';
import type { Tensors } from './tensor.ts';

/**
 * What serves a model. Every implementation passes `test/contract/predictor.ts`.
 * `predict` takes the signature's inputs exactly, and answers every output that the signature names, row for row.
 */
export interface Predictor {
  readonly signature: Signature;
  /** @throws UnfitInput for values that this model does not take; the signal's reason once it is aborted */
  predict(inputs: Tensors, signal: AbortSignal): Promise<Tensors>;
  /**
   * How each row's answer comes about: a list a row, of the predicted class or of all. Absent where a predictor explains nothing.
   * @throws UnfitInput where this model is not explained, or not so many rows at once; the signal's reason once it is aborted
   */
  explain?(inputs: Tensors, wanted: Wanted, signal: AbortSignal): Promise<Explanation[][]>;
  /** Frees what the predictor holds. Called once, after the last prediction has settled. */
  close(): Promise<void>;
}
