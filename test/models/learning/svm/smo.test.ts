import { describe, expect, it } from 'vitest';
import { twinKernels } from '../../../../models/kernels/twin/twin.ts';
import type { DualProblem } from '../../../../models/learning/svm/dual.ts';
import { inBlocks, kernelMatrix, type MatrixOptions } from '../../../../models/learning/svm/kernel-matrix.ts';
import { solveDual } from '../../../../models/learning/svm/smo.ts';
import type { TrainingKernel } from '../../../../models/learning/svm/training-kernel.ts';
import { expectClose } from '../../../closeness.ts';
import { rowsOf } from '../../../rows.ts';
import { randomTable } from '../../../seeded.ts';

const COUNT = 150;
/** Two overlapping classes of 70 and 80 rows. */
const table = randomTable(1, COUNT, 3).map((row, i) => row.map((value, k) => value + (k === 0 && i < 70 ? 0.4 : 0)));
const y = new Int8Array(COUNT).fill(1).fill(-1, 70);
const rbf: TrainingKernel = { type: 'rbf', gamma: 0.8 };
const exact = { tolerance: 1e-10, maxIterations: 1_000_000 };

const kernels: readonly TrainingKernel[] = [rbf, { type: 'poly', gamma: 1, coef0: 1, degree: 3 }, { type: 'linear' }];

const rangeOf = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);

function problemOf(kernel: TrainingKernel, C: number, options: Partial<MatrixOptions> = {}): DualProblem {
  const segments = [rangeOf(0, COUNT)];
  const variables = 2 * inBlocks(COUNT);
  const matrix = kernelMatrix(rowsOf(table), kernel, { segments, variables, cacheBytes: 1e6, ...options });
  const parts = options.segments ? [0, 1] : [0];
  return { matrix, parts, y, p: new Float64Array(COUNT).fill(-1), upper: new Float64Array(COUNT).fill(C) };
}

function kernelOf(kernel: TrainingKernel, a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
  const distance = a.reduce((sum, value, k) => sum + (value - (b[k] as number)) ** 2, 0);
  if (kernel.type === 'rbf') return Math.exp(-kernel.gamma * distance);
  return kernel.type === 'linear' ? product : (kernel.gamma * product + kernel.coef0) ** kernel.degree;
}

describe.each(kernels)('the dual problem of a machine, $type kernel', (kernel) => {
  it.each([0.5, 50])('is solved as if the matrix were double, C = %d', (C) => {
    const { alpha, slopes, objective, converged } = solveDual(problemOf(kernel, C), { ...exact, tolerance: 1e-6 });
    expect(converged).toBe(true);
    const beta = alpha.map((value, t) => value * (y[t] as number));
    const scores = table.map((row) =>
      table.reduce((sum, other, t) => sum + (beta[t] as number) * kernelOf(kernel, row, other), 0),
    );
    const scale = Math.max(...scores.map(Math.abs), 1);
    for (const [t, score] of scores.entries()) {
      expect(Math.abs((slopes[t] as number) + (y[t] as number) - score)).toBeLessThan(1e-7 * scale);
    }
    const total = alpha.reduce((sum, value) => sum + value, 0);
    const dual = scores.reduce((sum, score, t) => sum + (beta[t] as number) * score, 0) / 2 - total;
    expect(Math.abs(objective - dual)).toBeLessThan(1e-7 * Math.abs(dual));
    // Every variable that could rise has a slope above that of every one that could fall, within the tolerance.
    const rising = scores.filter((_, t) =>
      (y[t] as number) > 0 ? (alpha[t] as number) < C : (alpha[t] as number) > 0,
    );
    expect(rising.length).toBeGreaterThan(0);
    const slope = (t: number): number => (scores[t] as number) - (y[t] as number);
    const all = Array.from(alpha.keys());
    const lowest = Math.min(
      ...all.filter((t) => ((y[t] as number) > 0 ? (alpha[t] as number) < C : (alpha[t] as number) > 0)).map(slope),
    );
    const highest = Math.max(
      ...all.filter((t) => ((y[t] as number) > 0 ? (alpha[t] as number) > 0 : (alpha[t] as number) < C)).map(slope),
    );
    expect(highest - lowest).toBeLessThan(1.2e-6);
  });
});

describe('the solver', () => {
  it('comes to the same bits in WebAssembly and in plain TypeScript', () => {
    expect(solveDual(problemOf(rbf, 10), exact)).toEqual(solveDual(problemOf(rbf, 10, { open: twinKernels }), exact));
  });

  it('comes to the same bits where next to nothing is kept of the matrix', () => {
    expect(solveDual(problemOf(rbf, 10), exact)).toEqual(solveDual(problemOf(rbf, 10, { cacheBytes: 1 }), exact));
  });

  it('comes to the same optimum in two segments as in one', () => {
    const two = solveDual(problemOf(rbf, 10, { segments: [rangeOf(0, 70), rangeOf(70, COUNT)] }), exact);
    expectClose(two.alpha, solveDual(problemOf(rbf, 10), exact).alpha, 1e-6);
  });

  it('leaves rows out whose bound is 0, and knows their scores', () => {
    const held = [3, 40, 77, 149];
    const problem = problemOf(rbf, 10);
    const upper = problem.upper.map((value, t) => (held.includes(t) ? 0 : value));
    const { alpha, slopes, rho } = solveDual({ ...problem, upper }, exact);
    const kept = rangeOf(0, COUNT).filter((t) => !held.includes(t));
    const matrix = kernelMatrix(rowsOf(table), rbf, { segments: [kept], variables: COUNT + 10, cacheBytes: 1e6 });
    const of = (values: Float64Array): Float64Array => Float64Array.from(kept, (t) => values[t] as number);
    const without = { matrix, parts: [0], y: Int8Array.from(kept, (t) => y[t] as number) };
    const other = solveDual({ ...without, p: of(problem.p), upper: of(upper) }, exact);
    expectClose(of(alpha), other.alpha, 1e-6);
    expectClose(rho, other.rho, 1e-6);
    for (const t of held) {
      const score = kept.reduce(
        (sum, s, i) =>
          sum +
          (other.alpha[i] as number) * (y[s] as number) * kernelOf(rbf, table[t] as number[], table[s] as number[]),
        0,
      );
      expectClose((slopes[t] as number) + (y[t] as number), score, 1e-6);
    }
  });

  it('stops after as many iterations as it may make', () => {
    const { converged, iterations } = solveDual(problemOf(rbf, 10), { tolerance: 1e-10, maxIterations: 7 });
    expect({ converged, iterations }).toEqual({ converged: false, iterations: 7 });
  });
});
