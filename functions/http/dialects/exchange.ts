import type { Outside } from '../../../models/baseline.ts';
import type { Explanation, Wanted } from '../../../models/explanation.ts';
import type { Manifest } from '../../../models/manifest.ts';
import type { Tensors } from '../../../models/tensor.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';

/** What a prediction came to. */
export interface Outcome {
  readonly outputs: Tensors;
  /** Input values that lie outside the training range, at most `OUTSIDE_LIMIT`. */
  readonly outside: readonly Outside[];
  /** A list a row, where explanations were asked for. */
  readonly explanations?: readonly (readonly Explanation[])[];
}

/** One request of a dialect, decoded, and the way back to its caller. */
export interface Exchange {
  readonly inputs: Tensors;
  /** Which classes are to be explained, if any. */
  readonly explain?: Wanted | undefined;
  /** How often prediction intervals are to hold the truth, if any are asked for. */
  readonly interval?: number | undefined;
  encode(outcome: Outcome): Answer;
}

/** @throws MalformedRequest for what is not of the dialect's form, UnfitInput for what is not for this model */
export type Decode = (call: Call, manifest: Manifest) => Exchange;

/** How many values outside the training range an answer names. */
export const OUTSIDE_LIMIT = 100;
