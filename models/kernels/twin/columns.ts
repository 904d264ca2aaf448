import { BLOCK, type KernelLoops } from '../kernels.ts';
import { exponentialLoop } from './exponential.ts';
import { rowLoops } from './rows.ts';

type ColumnLoops = Pick<KernelLoops, 'column' | 'addColumn'>;

const CHUNK = 64;

/** The loops of models/kernels/assembly/columns.ts. */
export function columnLoops(memory: Float64Array): ColumnLoops {
  const { products, distances, powers } = rowLoops(memory);
  const { exponentials } = exponentialLoop(memory);

  const measure = (vectors: number, blocks: number, width: number, row: number, out: number, kernel: number): void => {
    const [type = 0, gamma = 0, coef0 = 0, degree = 0] = memory.subarray(kernel / 8, kernel / 8 + 4);
    if (type === 1) {
      distances(vectors, blocks, width, row, out);
      exponentials(out, blocks * BLOCK, -gamma);
    } else {
      products(vectors, blocks, width, row, out);
      if (type === 2) powers(out, blocks * BLOCK, gamma, coef0, degree);
    }
  };

  /** Hands over each value of the kernel between one vector and the others. */
  const each = (
    [vector, vectors, blocks, width, kernel, scratch]: readonly [number, number, number, number, number, number],
    take: (i: number, value: number) => void,
  ): void => {
    for (let k = 0; k < width; k++) memory[scratch / 8 + k] = memory[vector / 8 + k * BLOCK] as number;
    const values = scratch + 16 * Math.ceil(width / 2);
    for (let block = 0; block < blocks; block += CHUNK) {
      const chunk = Math.min(blocks - block, CHUNK);
      measure(vectors + 8 * BLOCK * block * width, chunk, width, scratch, values, kernel);
      for (let i = 0; i < chunk * BLOCK; i++) take(block * BLOCK + i, memory[values / 8 + i] as number);
    }
  };

  return {
    column(vector, vectors, blocks, width, kernel, scratch, scale, out) {
      each([vector, vectors, blocks, width, kernel, scratch], (i, value) => {
        memory[out / 8 + i] = scale * value;
      });
    },
    addColumn(vector, vectors, blocks, width, kernel, scratch, weight, sums) {
      each([vector, vectors, blocks, width, kernel, scratch], (i, value) => {
        memory[sums / 8 + i] = (memory[sums / 8 + i] as number) + weight * value;
      });
    },
  };
}
