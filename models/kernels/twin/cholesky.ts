import type { KernelLoops } from '../kernels.ts';

/** The loop of models/kernels/assembly/cholesky.ts. */
export const choleskyLoop = (memory: Float64Array): Pick<KernelLoops, 'factorize'> => ({
  factorize(A, n) {
    const at = (i: number, j: number): number => A / 8 + i * n + j;
    const L = (i: number, j: number): number => memory[at(i, j)] as number;
    const entry = (i: number, j: number): boolean => {
      let [even, odd] = [0, 0];
      for (let k = 0; k < j - (j % 2); k += 2) {
        even += L(i, k) * L(j, k);
        odd += L(i, k + 1) * L(j, k + 1);
      }
      let value = L(i, j) - (even + odd);
      if (j % 2 === 1) value -= L(i, j - 1) * L(j, j - 1);
      if (i === j && !(value > 0)) return false;
      memory[at(i, j)] = i === j ? Math.sqrt(value) : value / L(j, j);
      return true;
    };
    // In the order of the assembly, of which a failure leaves the rest as it was.
    for (let block = 0; block < n; block += 4) {
      for (let pair = 0; pair <= block + 2; pair += 2) {
        for (let i = block; i < block + 4; i++) {
          for (let j = pair; j < pair + 2 && j <= i; j++) if (!entry(i, j)) return 0;
        }
      }
    }
    return 1;
  },
});
