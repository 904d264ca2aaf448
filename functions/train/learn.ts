import { parseTable } from '../../adapters/table/read-table.ts';
import { isNetworkRecipe } from '../../models/learning/any-recipe.ts';
import { checkTableRoom } from '../../models/learning/table-room.ts';
import { train } from '../../models/learning/train.ts';
import { TrainingRefused } from '../../models/learning/training-refused.ts';
import type { Learn } from './lesson.ts';

/** Learns kinds of ours within so much memory. @throws TrainingRefused for a network, and for a table that is too large for it */
export const learnIn =
  (memoryBytes: number): Learn =>
  async ({ table: file, recipe }) => {
    if (isNetworkRecipe(recipe)) throw noNetworks(recipe.kind);
    checkTableRoom({ name: file.name, size: file.bytes.length }, memoryBytes);
    const table = await parseTable(file, recipe.types);
    const { model, result } = train(table, recipe, {}, { now: () => performance.now(), onProgress: () => {} });
    const bytes = new TextEncoder().encode(JSON.stringify(model));
    return { file: { name: 'model.json', bytes }, companions: [], result };
  };

const noNetworks = (found: string): TrainingRefused =>
  new TrainingRefused({
    where: 'kind',
    rule: `must be of a model of ours: this platform trains no networks; run modeldrop train --kind ${found} where PyTorch is`,
    found,
  });
