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
  /** Frees what the predictor holds. Called once, after the last prediction has settled. */
  close(): Promise<void>;
}
