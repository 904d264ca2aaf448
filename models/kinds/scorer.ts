import type { Batch } from '../rows.ts';
import type { TensorSpec } from '../signature.ts';
import type { Tensors } from '../tensor.ts';
import type { Explaining } from './explain/explainer.ts';
import type { Formula } from './formula.ts';

/** A model's arithmetic, and nothing else: prepared, finite rows in, one tensor for each of `outputs` out. */
export interface Scorer {
  readonly outputs: readonly TensorSpec[];
  score(rows: Batch): Tensors;
  /** Where what it answers can be split by columns. */
  readonly explaining?: Explaining;
  /** Where it can be written down in another language. */
  readonly formula?: Formula;
}
