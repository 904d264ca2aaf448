import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DualProblem, DualSolution } from '../../../../models/learning/svm/dual.ts';
import { inBlocks, kernelMatrix } from '../../../../models/learning/svm/kernel-matrix.ts';
import { solveDual } from '../../../../models/learning/svm/smo.ts';
import type { TrainingKernel } from '../../../../models/learning/svm/training-kernel.ts';
import { rowsOf } from '../../../rows.ts';
import { randomTable } from '../../../seeded.ts';

const linear: TrainingKernel = { type: 'linear' };
const kernels: readonly TrainingKernel[] = [
  { type: 'rbf', gamma: 0.8 },
  { type: 'poly', gamma: 0.5, coef0: 1, degree: 3 },
  linear,
];

interface Case {
  readonly seed: number;
  readonly count: number;
  readonly kernel: TrainingKernel;
  readonly C: number;
  readonly weight: number;
  readonly isRegression: boolean;
}

const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);

/** Two overlapping classes, the second of which weighs more, in a segment each; or a curve with noise, in a tube. */
function problemOf({ seed, count, kernel, C, weight, isRegression }: Case): { problem: DualProblem; holds: number[] } {
  const table = randomTable(seed, count, 3);
  const half = Math.floor(count / 2);
  const segments = isRegression ? [range(0, count)] : [range(0, half), range(half, count)];
  const variables = 2 * inBlocks(count) + 32;
  const matrix = kernelMatrix(rowsOf(table), kernel, { segments, variables, cacheBytes: 1e6 });
  const holds: number[] = [];
  const hold = matrix.hold.bind(matrix);
  // The getter of segments must stay one.
  const watched = Object.create(matrix, {
    hold: {
      value: (rows: readonly Int32Array[]) => {
        holds.push(rows.reduce((sum, { length }) => sum + length, 0));
        hold(rows);
      },
    },
  }) as typeof matrix;
  const first = (row: readonly number[]): number => row[0] as number;
  if (isRegression) {
    const y = new Int8Array(2 * count).fill(1).fill(-1, count);
    const targets = table.map((row) => Math.sin(2 * first(row)));
    const p = Float64Array.from(y, (sign, t) => 0.05 - sign * (targets[t % count] as number));
    return { problem: { matrix: watched, parts: [0, 0], y, p, upper: new Float64Array(2 * count).fill(C) }, holds };
  }
  const y = new Int8Array(count).fill(1).fill(-1, half);
  const upper = new Float64Array(count).fill(C).fill(weight * C, half);
  return { problem: { matrix: watched, parts: [0, 1], y, p: new Float64Array(count).fill(-1), upper }, holds };
}

/** How far the optimality conditions are from holding, by slopes worked out anew from alpha in double. */
function violationOf(one: Case, { alpha, slopes }: DualSolution): { violation: number; drift: number } {
  const { y, p, upper } = problemOf(one).problem;
  const table = randomTable(one.seed, one.count, 3);
  const exact = Array.from(y, (sign, t) =>
    alpha.reduce(
      (sum, value, s) => {
        if (value === 0) return sum;
        const [a, b] = [table[t % one.count] as number[], table[s % one.count] as number[]];
        return sum + (y[s] as number) * value * kernelOf(one.kernel, a, b);
      },
      sign * (p[t] as number),
    ),
  );
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [t, slope] of exact.entries()) {
    const [canGrow, canFall] = [(alpha[t] as number) < (upper[t] as number), (alpha[t] as number) > 0];
    if ((y[t] as number) > 0 ? canGrow : canFall) lowest = Math.min(lowest, slope);
    if ((y[t] as number) > 0 ? canFall : canGrow) highest = Math.max(highest, slope);
  }
  const drift = Math.max(...exact.map((slope, t) => Math.abs(slope - (slopes[t] as number))));
  return { violation: highest - lowest, drift };
}

function kernelOf(kernel: TrainingKernel, a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
  const distance = a.reduce((sum, value, k) => sum + (value - (b[k] as number)) ** 2, 0);
  if (kernel.type === 'rbf') return Math.exp(-kernel.gamma * distance);
  return kernel.type === 'linear' ? product : (kernel.gamma * product + kernel.coef0) ** kernel.degree;
}

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  count: fc.integer({ min: 8, max: 120 }),
  kernel: fc.constantFrom(...kernels),
  C: fc.constantFrom(0.1, 1, 10),
  weight: fc.constantFrom(1, 0.2, 5),
  isRegression: fc.boolean(),
});
const options = { tolerance: 1e-5, maxIterations: 100_000 };
const long: Case = { seed: 2, count: 120, kernel: linear, C: 30, weight: 1, isRegression: false };

describe('leaving variables out for a while', () => {
  it('ends among all of them, at the same optimum', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const shrunk = solveDual(problemOf(one).problem, options);
        const whole = solveDual(problemOf(one).problem, { ...options, shrink: false });
        fc.pre(whole.converged);
        expect(shrunk.converged).toBe(true);
        const scale = Math.max(1, Math.abs(whole.objective));
        expect(Math.abs(shrunk.objective - whole.objective)).toBeLessThan(1e-5 * scale);
        for (const solution of [shrunk, whole]) {
          const { violation, drift } = violationOf(one, solution);
          expect(violation).toBeLessThan(1.2 * options.tolerance);
          expect(drift).toBeLessThan(0.1 * options.tolerance);
        }
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it.each<[string, Case]>([
    ['of two classes', long],
    ['in regression', { ...long, isRegression: true }],
  ])('does happen, %s, and all are taken up again', (_, one) => {
    const { problem, holds } = problemOf(one);
    expect(solveDual(problem, options).converged).toBe(true);
    expect(holds.length).toBeGreaterThanOrEqual(2);
    expect(holds[0]).toBeLessThan((2 / 3) * problem.y.length);
    expect(holds.at(-1)).toBe(one.count);
  });

  it('knows the slopes of all variables where it stops early', () => {
    const { iterations } = solveDual(problemOf(long).problem, options);
    const shares = [0.25, 0.5, 0.75, 0.95].map((share) => {
      const { problem, holds } = problemOf(long);
      const early = solveDual(problem, { ...options, maxIterations: Math.floor(share * iterations) });
      expect(early.converged).toBe(false);
      expect(violationOf(long, early).drift).toBeLessThan(0.1 * options.tolerance);
      return holds.length;
    });
    expect(Math.max(...shares)).toBeGreaterThan(0);
  });
});
