import { parseTable } from '../adapters/table/read-table.ts';
import { type Frame, selectFrame } from '../models/frame.ts';
import { fitPreparation } from '../models/learning/preparing/fit-preparation.ts';
import { preparationRecipe } from '../models/learning/preparing/preparation-recipe.ts';
import { readIndices } from '../models/learning/split.ts';
import { planPreparation } from '../models/preparation/preparation.ts';
import type { Rows } from '../models/rows.ts';
import { referenceFile } from './reference.ts';

export interface ReferenceSide {
  readonly features: Frame;
  readonly targets: Float64Array;
}

/** A reference data set, parted as the references were fitted. */
export async function referenceTable(name: string): Promise<{ train: ReferenceSide; test: ReferenceSide }> {
  const { frame } = await parseTable(referenceFile(`data/${name}.csv`));
  const side = (which: string): ReferenceSide => {
    const { count, columns } = selectFrame(frame, readIndices(referenceFile(`data/${name}.${which}.idx`), frame.count));
    const target = columns.find((column) => column.name === 'target');
    return {
      features: { count, columns: columns.filter((column) => column !== target) },
      targets: target?.values as Float64Array,
    };
  };
  return { train: side('train'), test: side('test') };
}

/** Rows of one side, after a preparation that is fitted on the training side. */
export function preparedBy(recipe: string, train: ReferenceSide, side: ReferenceSide = train): Rows {
  const preparation = fitPreparation(preparationRecipe(recipe), train.features);
  return planPreparation(preparation, train.features.columns, 'preparation').apply(side.features);
}
