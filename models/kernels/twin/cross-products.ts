import type { KernelLoops } from '../kernels.ts';

type CrossLoops = Pick<KernelLoops, 'pack' | 'addCrossProducts'>;

const TILE = 4;

/** The loops of models/kernels/assembly/cross-products.ts. */
export const crossLoops = (memory: Float64Array): CrossLoops => ({
  pack(from, rows, width, shift, scales, into, stride) {
    for (let row = 0; row < rows; row++) {
      const [source, target] = [from / 8 + row * width, into / 8 + row * stride];
      const scale = memory[scales / 8 + row] as number;
      for (let k = 0; k < width; k++) {
        memory[target + k] = scale * ((memory[source + k] as number) - (memory[shift / 8 + k] as number));
      }
      memory.fill(0, target + width, target + stride);
    }
  },
  addCrossProducts(left, leftStride, right, rightStride, rows, into, upper) {
    const sums = new Float64Array(rightStride);
    for (let i = 0; i < leftStride; i++) {
      const first = upper ? i - (i % TILE) : 0;
      sums.fill(0);
      for (let row = 0; row < rows; row++) {
        const value = memory[left / 8 + row * leftStride + i] as number;
        const start = right / 8 + row * rightStride;
        for (let j = first; j < rightStride; j++) {
          sums[j] = (sums[j] as number) + value * (memory[start + j] as number);
        }
      }
      const target = into / 8 + i * rightStride;
      for (let j = first; j < rightStride; j++) {
        memory[target + j] = (memory[target + j] as number) + (sums[j] as number);
      }
    }
  },
});
