import { parseTable } from '../../adapters/table/read-table.ts';
import { checkTableRoom } from '../../models/learning/table-room.ts';
import { train } from '../../models/learning/train.ts';
import type { TrainPorts } from './handler.ts';

/** Learns within so much memory. @throws TrainingRefused for a table that is too large for it */
export const learnIn =
  (memoryBytes: number): TrainPorts['learn'] =>
  async (file, recipe) => {
    checkTableRoom({ name: file.name, size: file.bytes.length }, memoryBytes);
    const table = await parseTable(file, recipe.types);
    const { model, result } = train(table, recipe, {}, { now: () => performance.now(), onProgress: () => {} });
    return { model: new TextEncoder().encode(JSON.stringify(model)), result };
  };
