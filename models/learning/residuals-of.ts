import type { Residuals } from '../residuals.ts';

/** So many residuals are kept as they are; of more, quantiles. */
const MOST = 500;
/** Every 400th, so that 0.5, 0.8, 0.9, 0.95 and 0.99 are met exactly; and the largest hundred, each. */
const [PARTS, LARGEST] = [400, 100];

/**
 * What intervals need of out-of-fold predictions: the ascending absolute residuals, or the order statistics at ranks
 * ceil((n + 1) j / 400) and the largest hundred. An interval takes the next rank that is there: at most 1/400 too wide.
 */
export function residualsOf(truth: Float64Array, predicted: Float64Array, folds: number): Residuals {
  const sorted = truth.map((value, row) => Math.abs(value - (predicted[row] as number))).sort();
  const count = sorted.length;
  const head = { method: 'out-of-fold', folds, count } as const;
  if (count <= MOST) return { ...head, values: [...sorted] };
  const ranks = new Set<number>();
  for (let part = 1; part < PARTS; part++) ranks.add(Math.ceil(((count + 1) * part) / PARTS));
  for (let rank = count - LARGEST + 1; rank <= count; rank++) ranks.add(rank);
  const ascending = [...ranks].sort((a, b) => a - b);
  return { ...head, values: ascending.map((rank) => sorted[rank - 1] as number), ranks: ascending };
}
