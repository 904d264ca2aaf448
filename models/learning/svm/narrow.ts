import type { ValueBytes } from '../../kernels/kernels.ts';
import type { Variables } from './dual.ts';
import { inBlocks } from './kernel-matrix.ts';
import { type Part, partsOf } from './parts.ts';
import { type Search, searchFrom } from './search.ts';

/** Laying rows anew must be worth it. */
const WORTH = 2 / 3;

/** A search among some of the variables of another, and which these are. */
export interface Narrowed {
  readonly search: Search;
  readonly kept: Int32Array;
}

/**
 * The search goes on with those variables that may still move. At its bound, one whose slope lies beyond those of all that
 * could move against it would only be pressed further into it: Joachims, "Making large-scale SVM learning practical" (1998),
 * by the rule of Fan, Chen and Lin, JMLR 6 (2005). The matrix holds their rows only. Nothing where too many are left.
 */
export function narrowed({ variables, alpha, set }: Search, size: ValueBytes): Narrowed | undefined {
  const { matrix, y, upper } = variables;
  const slopes = set.slopes();
  const kept = mobile(variables, alpha, slopes);
  const parts = partsOf(variables);
  const keptOf = ({ variable, count }: Part) => kept.filter((t) => t >= variable && t < variable + count);
  const padded = parts.reduce((sum, part) => sum + inBlocks(keptOf(part).length), 0);
  const now = parts.reduce((sum, part) => sum + part.padded, 0);
  if (kept.length === 0 || padded > WORTH * now || padded > matrix.rows) return undefined;
  matrix.hold(parts.map((part) => keptOf(part).map((t) => part.indices[t - part.variable] as number)));
  const some = {
    matrix,
    parts: parts.map((_, k) => k),
    y: Int8Array.from(kept, (t) => y[t] as number),
    upper: Float64Array.from(kept, (t) => upper[t] as number),
  };
  const search = searchFrom(some, pick(alpha, kept), pick(slopes, kept), size);
  return { search, kept };
}

const pick = (values: Float64Array, kept: Int32Array): Float64Array =>
  Float64Array.from(kept, (t) => values[t] as number);

/** Variables between their bounds, and those at one of them whose slope draws them off it, given where the others are. */
function mobile({ y, upper }: Variables, alpha: Float64Array, slopes: Float64Array): Int32Array {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const [up, down] = [new Uint8Array(y.length), new Uint8Array(y.length)];
  for (let t = 0; t < y.length; t++) {
    const [value, slope, isPositive] = [alpha[t] as number, slopes[t] as number, (y[t] as number) > 0];
    const [canGrow, canFall] = [value < (upper[t] as number), value > 0];
    if (isPositive ? canGrow : canFall) {
      up[t] = 1;
      lowest = Math.min(lowest, slope);
    }
    if (isPositive ? canFall : canGrow) {
      down[t] = 1;
      highest = Math.max(highest, slope);
    }
  }
  const all = Int32Array.from(y, (_, t) => t);
  return all.filter((t) => {
    if (up[t] && down[t]) return true;
    return up[t] ? (slopes[t] as number) <= highest : down[t] === 1 && (slopes[t] as number) >= lowest;
  });
}
