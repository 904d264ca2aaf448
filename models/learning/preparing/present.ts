/** A copy of the values that are not missing. */
export const presentIn = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));

/** The linear quantile (type 7 of Hyndman and Fan, 1996) of ascending values; 0 of none. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return 0;
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return low + (high - low) * (at - Math.floor(at));
}
