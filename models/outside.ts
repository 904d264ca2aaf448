import { type Baseline, type Outside, outsideFrame, outsideRows } from './baseline.ts';
import type { Intake } from './features.ts';
import { frameOf, rowsOf } from './native.ts';
import type { Tensors } from './tensor.ts';

/** The first `limit` input values outside the range of the training rows. None where the model does not know it. */
export function outside(
  model: Pick<Intake, 'features' | 'types'> & { readonly baseline?: Baseline },
  inputs: Tensors,
  limit: number,
): Outside[] {
  const { baseline, features, types } = model;
  if (baseline === undefined) return [];
  return types
    ? outsideFrame(baseline, frameOf(inputs, features), limit)
    : outsideRows(baseline, rowsOf(inputs, features.length), limit);
}
