import { openKernels } from '../kernels/open.ts';
import { regions } from '../kernels/regions.ts';
import { kernelLoop } from './kernel.ts';
import { paddedCount, placesFor } from './products.ts';
import type { SvmBase } from './svm-machine.ts';

/** Sums over support vectors of a coefficient times the kernel with one row. */
export interface SvmSums {
  /** `sums[group * lines + line]`, of the row that was measured last. */
  readonly sums: Float64Array;
  /** Doubles a group: the number of lines, and what fills them up. */
  readonly lines: number;
  measure(values: Float64Array, start: number): void;
}

/** One sum over all vectors. */
export function singleSum({ kernel, vectors }: SvmBase, coefficients: Float64Array): SvmSums {
  const { count } = vectors;
  const padded = paddedCount(vectors);
  const { at, bytes } = regions({ ...placesFor(vectors), coefficients: 8 * padded });
  const kernels = openKernels(bytes);
  const values = new Float64Array(kernels.memory, at.out, padded);
  new Float64Array(kernels.memory, at.coefficients).set(coefficients);
  const fill = kernelLoop(kernel, vectors, kernels, at);
  const sums = new Float64Array(1);
  return {
    sums,
    lines: 1,
    measure(row, start) {
      fill(row, start);
      // Values past the last vector may be infinite, and infinity times nothing is no number.
      for (let i = count; i < padded; i++) values[i] = 0;
      sums[0] = kernels.dot(at.out, at.coefficients, padded);
    },
  };
}

/**
 * A sum a line for each group of consecutive vectors; there is one line less than there are groups.
 * @param coefficients `coefficients[line * vectors.count + i]`
 * @param groups vectors a group
 */
export function groupedSums(
  { kernel, vectors }: SvmBase,
  coefficients: Float64Array,
  groups: readonly number[],
): SvmSums {
  const { count } = vectors;
  const lines = 2 * Math.floor(groups.length / 2);
  const { at, bytes } = regions({
    ...placesFor(vectors),
    given: 8 * coefficients.length,
    coefficients: 8 * count * lines,
    sums: 8 * groups.length * lines,
  });
  const kernels = openKernels(bytes);
  new Float64Array(kernels.memory, at.given).set(coefficients);
  kernels.transpose(at.given, groups.length - 1, count, at.coefficients, lines);
  const fill = kernelLoop(kernel, vectors, kernels, at);
  return {
    sums: new Float64Array(kernels.memory, at.sums, groups.length * lines),
    lines,
    measure(row, start) {
      fill(row, start);
      for (let group = 0, first = 0; group < groups.length; group++) {
        const size = groups[group] as number;
        const weights = at.coefficients + 8 * first * lines;
        kernels.weightedSums(at.out + 8 * first, size, weights, lines, at.sums + 8 * group * lines);
        first += size;
      }
    },
  };
}
