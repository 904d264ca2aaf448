import { BLOCK, type KernelLoops } from '../kernels.ts';

type RowLoops = Pick<KernelLoops, 'products' | 'distances' | 'powers'>;

/** The loops of models/kernels/assembly/rows.ts. */
export const rowLoops = (memory: Float64Array): RowLoops => ({
  products(vectors, blocks, width, row, out) {
    const [from, to] = [row / 8, out / 8];
    for (let i = 0; i < blocks * BLOCK; i++) {
      let [sum, at] = [0, firstOf(vectors, width, i)];
      for (let k = 0; k < width; k++, at += BLOCK) sum += (memory[from + k] as number) * (memory[at] as number);
      memory[to + i] = sum;
    }
  },
  distances(vectors, blocks, width, row, out) {
    const [from, to] = [row / 8, out / 8];
    for (let i = 0; i < blocks * BLOCK; i++) {
      let [sum, at] = [0, firstOf(vectors, width, i)];
      for (let k = 0; k < width; k++, at += BLOCK) {
        const difference = (memory[from + k] as number) - (memory[at] as number);
        sum += difference * difference;
      }
      memory[to + i] = sum;
    }
  },
  powers(values, count, gamma, coef0, degree) {
    const start = values / 8;
    for (let i = start; i < start + count; i++) memory[i] = power(gamma * (memory[i] as number) + coef0, degree);
  },
});

/** Where the first value of vector i lies. */
const firstOf = (vectors: number, width: number, i: number): number =>
  vectors / 8 + (i - (i % BLOCK)) * width + (i % BLOCK);

function power(x: number, degree: number): number {
  let [base, result] = [x, 1];
  for (let left = degree; left > 0; left >>= 1) {
    if (left & 1) result *= base;
    base *= base;
  }
  return result;
}
