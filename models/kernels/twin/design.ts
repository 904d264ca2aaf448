import type { KernelLoops } from '../kernels.ts';

type DesignLoops = Pick<KernelLoops, 'rowProducts' | 'addRowSums'>;

const PANEL = 64;

/** The loops of models/kernels/assembly/design.ts. */
export const designLoops = (memory: Float64Array): DesignLoops => ({
  rowProducts(rows, count, stride, vectors, lines, out) {
    for (let row = 0; row < count; row++) {
      for (let line = 0; line < lines; line++) {
        let [even, odd, x, v] = [0, 0, rows / 8 + row * stride, vectors / 8 + line * stride];
        for (const end = x + stride; x < end; x += 2, v += 2) {
          even += (memory[x] as number) * (memory[v] as number);
          odd += (memory[x + 1] as number) * (memory[v + 1] as number);
        }
        memory[out / 8 + line * count + row] = even + odd;
      }
    }
  },
  addRowSums(rows, count, stride, weights, lines, into) {
    for (let start = 0; start < count; start += PANEL) {
      const end = Math.min(count, start + PANEL);
      for (let at = 0; at < lines * stride; at++) {
        const [column, line] = [at % stride, Math.floor(at / stride)];
        let sum = 0;
        for (let row = start; row < end; row++) {
          sum +=
            (memory[weights / 8 + line * count + row] as number) * (memory[rows / 8 + row * stride + column] as number);
        }
        memory[into / 8 + at] = (memory[into / 8 + at] as number) + sum;
      }
    }
  },
});
