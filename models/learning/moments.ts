import type { Rows } from '../rows.ts';

/** Mean of every column. */
export function columnMeans({ count, width, values }: Rows): Float64Array {
  const means = new Float64Array(width);
  for (let at = 0; at < values.length; at++) means[at % width] = (means[at % width] as number) + (values[at] as number);
  return means.map((sum) => sum / count);
}

/** Mean of all values. */
export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
