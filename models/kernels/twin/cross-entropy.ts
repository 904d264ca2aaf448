import type { KernelLoops } from '../kernels.ts';
import { exponential } from './exponential.ts';
import { logarithm } from './logarithm.ts';

type CrossEntropyLoops = Pick<KernelLoops, 'binaryLosses' | 'softmaxLosses'>;

/** The loops of models/kernels/assembly/cross-entropy.ts. */
export const crossEntropyLoops = (memory: Float64Array): CrossEntropyLoops => ({
  binaryLosses(logits, count, classes, weights, probabilities, residuals) {
    const sums = [0, 0] as [number, number];
    for (let row = 0; row < count; row++) {
      const z = memory[logits / 8 + row] as number;
      const truth = memory[classes / 8 + row] as number;
      const weight = memory[weights / 8 + row] as number;
      const e = exponential(-Math.abs(z));
      const p = (z >= 0 ? 1 : e) / (1 + e);
      memory[probabilities / 8 + row] = p;
      memory[residuals / 8 + row] = weight * (p - truth);
      const short = Math.max(0, z) - (truth > 0 ? z : 0);
      sums[(row % 2) as 0 | 1] += weight * (short + logarithm(e));
    }
    return sums[0] + sums[1];
  },
  softmaxLosses(logits, count, lines, classes, weights, probabilities, residuals) {
    const sums = [0, 0] as [number, number];
    for (let row = 0; row < count; row++) {
      const z = (k: number): number => memory[logits / 8 + k * count + row] as number;
      const truth = memory[classes / 8 + row] as number;
      const weight = memory[weights / 8 + row] as number;
      let largest = z(0);
      for (let k = 1; k < lines; k++) if (largest < z(k)) largest = z(k);
      let [rest, own] = [-1, 0];
      for (let k = 0; k < lines; k++) {
        rest += z(k) === largest ? 1 : 0;
        if (k === truth) own = z(k);
      }
      for (let k = 0; k < lines; k++) rest += z(k) === largest ? 0 : exponential(z(k) - largest);
      const share = 1 / (1 + rest);
      for (let k = 0; k < lines; k++) {
        const p = exponential(z(k) - largest) * share;
        memory[probabilities / 8 + k * count + row] = p;
        memory[residuals / 8 + k * count + row] = weight * (p - (k === truth ? 1 : 0));
      }
      sums[(row % 2) as 0 | 1] += weight * (largest - own + logarithm(rest));
    }
    return sums[0] + sums[1];
  },
});
