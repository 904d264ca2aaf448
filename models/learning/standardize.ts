import type { Static } from 'typebox';
import type { Standardize } from '../preparation.ts';
import type { Rows } from '../rows.ts';
import { columnMeans } from './moments.ts';
import { requireTargets } from './training-refused.ts';

/**
 * Mean and population standard deviation (ddof 0) of every column; a constant column has scale 1.
 * @throws TrainingRefused where there are no rows
 */
export function fitStandardize(rows: Rows): Static<typeof Standardize> {
  requireTargets(rows, { length: rows.count });
  const { count, width, values } = rows;
  const mean = columnMeans(rows);
  const squares = new Float64Array(width);
  const constant = new Array<boolean>(width).fill(true);
  for (let at = 0; at < values.length; at++) {
    const column = at % width;
    squares[column] = (squares[column] as number) + ((values[at] as number) - (mean[column] as number)) ** 2;
    if (values[at] !== values[column]) constant[column] = false;
  }
  const scale = Array.from(squares, (sum, column) => (constant[column] ? 1 : Math.sqrt(sum / count)));
  return { step: 'standardize', mean: Array.from(mean), scale };
}
