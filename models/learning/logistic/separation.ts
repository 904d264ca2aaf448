import { TrainingRefused } from '../training-refused.ts';
import { type Design, seen } from './design.ts';

/** Share of the widest margin that counts as none: on separable classes it falls by e with every step of Newton's method. */
const NONE = 1e-6;

/**
 * Without a penalty there is an optimum only where no direction separates the classes: along one the loss falls for ever.
 * Newton's steps turn into such a direction, and widen its margins by 1 at a time. Albert and Anderson, Biometrika 71 (1984).
 * @throws TrainingRefused where the logits of the design, or the moves made last, separate classes
 */
export function refuseSeparated(design: Design): void {
  const moves = margins(design, 'moves');
  const logits = margins(design, 'logits');
  const isComplete = logits.least > 0;
  const isPartial = moves.most > 0.5 && moves.least >= -NONE * moves.most;
  if (!isComplete && !isPartial) return;
  throw new TrainingRefused({
    where: 'penalty',
    rule: 'must be l2 or l1 here: the features separate classes, and without a penalty coefficients grow without end',
    found: 'none',
  });
}

/** The least and the greatest lead of a row's own class over another. */
function margins(design: Design, place: 'moves' | 'logits'): { least: number; most: number } {
  const { vectors, count, held } = design;
  const [values, classes] = [seen(design, place, vectors * count), seen(design, 'classes', held)];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < held; row++) {
    const truth = classes[row] as number;
    const own = vectors === 1 ? truth * (values[row] as number) : (values[truth * count + row] as number);
    for (let k = 0; k < Math.max(2, vectors); k++) {
      if (k === truth) continue;
      const other = vectors === 1 ? k * (values[row] as number) : (values[k * count + row] as number);
      least = Math.min(least, own - other);
      most = Math.max(most, own - other);
    }
  }
  return { least, most };
}
