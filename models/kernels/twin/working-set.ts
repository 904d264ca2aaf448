import type { KernelLoops } from '../kernels.ts';

type WorkingSetLoops = Pick<KernelLoops, 'descend' | 'partner'>;

const TINY = 1e-12;

/** The loops of models/kernels/assembly/working-set.ts. */
export const workingSetLoops = (memory: Float64Array, floats: Float32Array): WorkingSetLoops => ({
  descend(slopes, left, right, step, barrier, count, result, size) {
    const columns = size === 8 ? memory : floats;
    const [s, l, r, b, to] = [slopes / 8, left / size, right / size, barrier / 8, result / 8];
    let [lowest, best] = [Number.POSITIVE_INFINITY, count];
    for (let t = 0; t < count; t++) {
      const slope = (memory[s + t] as number) + step * ((columns[l + t] as number) - (columns[r + t] as number));
      memory[s + t] = slope;
      const value = slope + (memory[b + t] as number);
      if (value < lowest) {
        lowest = value;
        best = t;
      }
    }
    memory[to] = lowest;
    memory[to + 1] = best;
  },
  partner(slopes, barrier, lowest, diagonal, left, own, count, result, size) {
    const columns = size === 8 ? memory : floats;
    const [s, b, d, l, to] = [slopes / 8, barrier / 8, diagonal / 8, left / size, result / 8];
    let [greatest, best, highest] = [0, count, Number.NEGATIVE_INFINITY];
    for (let t = 0; t < count; t++) {
      const value = (memory[s + t] as number) + (memory[b + t] as number);
      if (value > highest) highest = value;
      const violation = value - lowest;
      if (!(violation > 0)) continue;
      let curvature = own + (memory[d + t] as number) - 2 * (columns[l + t] as number);
      if (!(curvature > TINY)) curvature = TINY;
      const gain = (violation * violation) / curvature;
      if (gain > greatest) {
        greatest = gain;
        best = t;
      }
    }
    memory[to] = greatest;
    memory[to + 1] = best;
    memory[to + 2] = highest;
  },
});
