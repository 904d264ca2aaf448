import type { Variables } from './dual.ts';
import type { Segment } from './kernel-matrix.ts';

/** Rows of a segment as variables from `variable` on, in arrays that are whole blocks from `place` on. */
export interface Part extends Segment {
  readonly segment: number;
  readonly variable: number;
  readonly place: number;
}

export function partsOf({ matrix, parts }: Variables): readonly Part[] {
  let [variable, place] = [0, 0];
  return parts.map((segment) => {
    const part = { ...(matrix.segments[segment] as Segment), segment, variable, place };
    variable += part.count;
    place += part.padded;
    return part;
  });
}
