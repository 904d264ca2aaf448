import { frameOfRows } from '../models/frame.ts';
import { fitPreparation } from '../models/learning/preparing/fit-preparation.ts';
import { preparationRecipe } from '../models/learning/preparing/preparation-recipe.ts';
import { planPreparation } from '../models/preparation/preparation.ts';
import type { Rows } from '../models/rows.ts';

/** Rows after the standardisation that is fitted on them. */
export function standardised(rows: Rows): Rows {
  const { columns, ...frame } = frameOfRows(
    Array.from({ length: rows.width }, (_, k) => `x${k}`),
    rows,
  );
  const preparation = fitPreparation(preparationRecipe('standard'), { ...frame, columns });
  return planPreparation(preparation, columns, 'preparation').applyToRows(rows);
}
