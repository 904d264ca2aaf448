import type { KernelLoops } from '../kernels.ts';

/** The loop of models/kernels/assembly/transpose.ts. */
export const transposeLoop = (memory: Float64Array): Pick<KernelLoops, 'transpose'> => ({
  transpose(from, rows, columns, into, stride) {
    for (let row = 0, at = from / 8; row < rows; row++) {
      for (let column = 0; column < columns; column++, at++) {
        memory[into / 8 + column * stride + row] = memory[at] as number;
      }
    }
  },
});
