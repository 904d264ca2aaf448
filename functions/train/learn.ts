import { parseTable } from '../../adapters/table/read-table.ts';
import { train } from '../../models/learning/train.ts';
import { TrainingRefused } from '../../models/learning/training-refused.ts';
import type { TrainPorts } from './handler.ts';

/** A table as typed columns, its splits and its prepared rows, against its bytes in the file. */
const MEMORY_PER_BYTE = 6;

/** Learns within so much memory. Larger tables are refused before they are read: nobody likes to wait for a crash. */
export const learnIn =
  (memoryBytes: number): TrainPorts['learn'] =>
  async (file, recipe) => {
    const largest = Math.floor(memoryBytes / MEMORY_PER_BYTE);
    if (file.bytes.length > largest) {
      const rule = `must take at most ${largest} bytes to be learned from here; \`modeldrop train\` does it on a larger machine`;
      throw new TrainingRefused({ where: file.name, rule, found: file.bytes.length });
    }
    const table = await parseTable(file, recipe.types);
    const { model, result } = train(table, recipe, {}, { now: () => performance.now(), onProgress: () => {} });
    return { model: new TextEncoder().encode(JSON.stringify(model)), result };
  };
