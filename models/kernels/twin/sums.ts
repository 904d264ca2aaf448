import type { KernelLoops } from '../kernels.ts';

type SumLoops = Pick<KernelLoops, 'weightedSums' | 'dot'>;

/** The loops of models/kernels/assembly/sums.ts. */
export const sumLoops = (memory: Float64Array): SumLoops => ({
  weightedSums(values, count, weights, lines, out) {
    const [from, to] = [values / 8, out / 8];
    for (let line = 0; line < lines; line++) {
      let [sum, weight] = [0, weights / 8 + line];
      for (let i = 0; i < count; i++, weight += lines) sum += (memory[from + i] as number) * (memory[weight] as number);
      memory[to + line] = sum;
    }
  },
  dot(left, right, count) {
    const [a, b] = [left / 8, right / 8];
    const sums = new Float64Array(8);
    const at = (lane: number): number => sums[lane] as number;
    for (let i = 0; i < count; i++) {
      sums[i % 8] = at(i % 8) + (memory[a + i] as number) * (memory[b + i] as number);
    }
    const lane = (first: 0 | 1): number => at(first) + at(first + 2) + (at(first + 4) + at(first + 6));
    return lane(0) + lane(1);
  },
});
