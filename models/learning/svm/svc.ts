import { pairsOf } from '../../kinds/pairs.ts';
import type { SvmParameters } from '../../kinds/svm-parameters.ts';
import type { Rows } from '../../rows.ts';
import { folds } from '../folds.ts';
import { seededRandom } from '../random.ts';
import { requireTargets, TrainingRefused } from '../training-refused.ts';
import type { DualProblem, DualSolution } from './dual.ts';
import { inBlocks, kernelMatrix } from './kernel-matrix.ts';
import { fitSigmoid, type Sigmoid } from './platt-fit.ts';
import { solveDual } from './smo.ts';
import { rowsAt } from './support.ts';
import { checkSvmOptions, resolveKernel, type SvmOptions, statedKernel, svmDefaults } from './svm-options.ts';
import type { TrainingKernel } from './training-kernel.ts';

export interface SvcOptions extends SvmOptions {
  readonly classes: number;
  /** Of each class; multiplies C. */
  readonly classWeights?: readonly number[];
  /** Fits probabilities as well, on folds that this seed deals. */
  readonly probability?: { readonly seed: number };
}

/** The machine of one pair of classes, positive for the first. */
interface PairFit {
  readonly pair: readonly [number, number];
  /** Rows of the table, those of the first class before those of the second. */
  readonly indices: Int32Array;
  readonly y: Int8Array;
  readonly solution: DualSolution;
  readonly gap: number;
}

export interface SvcFit {
  readonly parameters: SvmParameters;
  /** 1/2 a' Q a - sum a, minimised, one a pair. */
  readonly objective: readonly number[];
  readonly pairs: readonly (readonly [number, number])[];
  /** One a pair; of two classes positive toward the second, of more toward the first of the pair. */
  readonly intercept: readonly number[];
  readonly supportIndices: readonly number[];
  readonly supportVectorsPerClass: readonly number[];
  readonly gamma: number | undefined;
  readonly iterations: number;
  readonly converged: boolean;
  /** The largest of the pairs' (primal - dual) / max(1, |primal|). */
  readonly gap: number;
}

/**
 * C-support vector classification, one against one: Cortes and Vapnik 1995; Chang and Lin, "LIBSVM", ACM TIST 2011.
 * @param targets position of each row's class, from 0 to `classes - 1`
 * @throws TrainingRefused where rows and targets do not fit, a class has no row, or an option is out of range
 */
export function trainSvc(rows: Rows, targets: Int32Array, options: SvcOptions): SvcFit {
  requireTargets(rows, targets);
  checkSvmOptions(options);
  const { classes, probability } = options;
  const members = membersOf(targets, classes);
  const kernel = resolveKernel(options.kernel, rows);
  const machines = machinesOf(rows, kernel, members, options);
  const fits = machines.map((machine) => fitPair(machine, options));
  const { vectors, perClass, coefficients } = assemble(fits, members, classes);
  // A pair is positive for its first class; two classes alone are told toward their second.
  const sign = classes === 2 ? -1 : 1;
  const platt = probability && machines.map(({ problem }) => plattOf(problem, sign, probability.seed, options));
  return {
    parameters: {
      type: 'c_svc',
      kernel: statedKernel(kernel),
      supportVectors: rowsAt(rows, vectors),
      coefficients: coefficients.map((row) => row.map((value) => sign * value)),
      rho: fits.map(({ solution }) => sign * solution.rho),
      supportVectorsPerClass: [...perClass],
      ...(platt && { probability: { a: platt.map(({ a }) => a), b: platt.map(({ b }) => b) } }),
    },
    objective: fits.map(({ solution }) => solution.objective),
    pairs: fits.map(({ pair }) => pair),
    intercept: fits.map(({ solution }) => -sign * solution.rho),
    supportIndices: vectors,
    supportVectorsPerClass: perClass,
    gamma: kernel.type === 'linear' ? undefined : kernel.gamma,
    iterations: fits.reduce((sum, { solution }) => sum + solution.iterations, 0),
    converged: fits.every(({ solution }) => solution.converged),
    gap: Math.max(...fits.map(({ gap }) => gap)),
  };
}

function membersOf(targets: Int32Array, classes: number): readonly Int32Array[] {
  const sizes = new Int32Array(classes);
  for (let row = 0; row < targets.length; row++) sizes[targets[row] as number]++;
  const absent = sizes.indexOf(0);
  if (absent >= 0) throw new TrainingRefused({ where: 'targets', rule: `must hold a row of class ${absent}` });
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(classes);
  for (let row = 0; row < targets.length; row++) {
    const k = targets[row] as number;
    (members[k] as Int32Array)[filled[k]++] = row;
  }
  return members;
}

/** What one pair of classes is to be told apart by. */
interface Machine {
  readonly pair: readonly [number, number];
  /** Rows of the table, those of the first class before those of the second. */
  readonly indices: Int32Array;
  readonly problem: DualProblem;
}

/** Each class is a segment of one kernel matrix, which all pairs share; two classes alone are one. */
function machinesOf(
  rows: Rows,
  kernel: TrainingKernel,
  members: readonly Int32Array[],
  { C, classWeights, cacheBytes = svmDefaults.cacheBytes }: SvcOptions,
): readonly Machine[] {
  const pairs = pairsOf(members.length);
  const sizeOf = (k: number): number => (members[k] as Int32Array).length;
  const indicesOf = ([i, j]: readonly [number, number]): Int32Array => {
    const indices = new Int32Array(sizeOf(i) + sizeOf(j));
    indices.set(members[i] as Int32Array);
    indices.set(members[j] as Int32Array, sizeOf(i));
    return indices;
  };
  const segments = pairs.length === 1 ? [indicesOf([0, 1])] : members;
  const [largest = 0, second = 0] = segments.map(({ length }) => inBlocks(length)).sort((a, b) => b - a);
  const matrix = kernelMatrix(rows, kernel, { segments, variables: largest + second, cacheBytes });
  return pairs.map((pair) => {
    const indices = indicesOf(pair);
    const [i, j] = pair;
    const y = new Int8Array(indices.length).fill(1).fill(-1, sizeOf(i));
    const boundOf = (k: number): number => C * (classWeights?.[k] ?? 1);
    const upper = new Float64Array(indices.length).fill(boundOf(i)).fill(boundOf(j), sizeOf(i));
    const p = new Float64Array(y.length).fill(-1);
    return { pair, indices, problem: { matrix, parts: pairs.length === 1 ? [0] : pair, y, p, upper } };
  });
}

function fitPair({ pair, indices, problem }: Machine, options: SvcOptions): PairFit {
  const { y, upper } = problem;
  const solution = solveDual(problem, { ...svmDefaults, ...options });
  return { pair, indices, y, solution, gap: gapOf(y, upper, solution) };
}

/** F_t = sum of y a k(t, .) - y_t, so that the primal objective needs no further kernel value. */
function gapOf(y: Int8Array, upper: Float64Array, { alpha, slopes, rho, objective }: DualSolution): number {
  let [norm, loss] = [0, 0];
  for (let t = 0; t < y.length; t++) {
    const sign = y[t] as number;
    const score = (slopes[t] as number) + sign;
    norm += sign * (alpha[t] as number) * score;
    loss += (upper[t] as number) * Math.max(0, 1 - sign * (score - rho));
  }
  const primal = norm / 2 + loss;
  return (primal + objective) / Math.max(1, Math.abs(primal));
}

/** Support vectors class by class, and LIBSVM's K - 1 rows of their coefficients. */
function assemble(fits: readonly PairFit[], members: readonly Int32Array[], classes: number) {
  const position = new Int32Array(members.reduce((sum, { length }) => sum + length, 0)).fill(-1);
  for (const { indices, solution } of fits) {
    for (let t = 0; t < indices.length; t++) if ((solution.alpha[t] as number) > 0) position[indices[t] as number] = 0;
  }
  const chosen = members.map((rows) => Array.from(rows.filter((row) => position[row] === 0)));
  const vectors = chosen.flat();
  for (const [at, row] of vectors.entries()) position[row] = at;
  const coefficients = Array.from({ length: classes - 1 }, () => new Array<number>(vectors.length).fill(0));
  for (const { pair, indices, y, solution } of fits) {
    const [i, j] = pair;
    for (let t = 0; t < indices.length; t++) {
      const alpha = solution.alpha[t] as number;
      if (alpha === 0) continue;
      // Of class i the row against j lies at j - 1, of class j the row against i at i.
      const line = coefficients[(y[t] as number) > 0 ? j - 1 : i] as number[];
      line[position[indices[t] as number] as number] = (y[t] as number) * alpha;
    }
  }
  return { vectors, perClass: chosen.map((rows) => rows.length), coefficients };
}

const PLATT_FOLDS = 5;

/** A sigmoid over decisions on rows that each machine has not seen: they are held back, and their slopes tell. */
function plattOf(problem: DualProblem, sign: number, seed: number, options: SvcOptions): Sigmoid {
  const { y, upper } = problem;
  const decisions = new Float64Array(y.length);
  const classes = Int32Array.from(y, (value) => (value > 0 ? 0 : 1));
  const parts = Math.min(PLATT_FOLDS, y.length);
  for (const { test } of folds(y.length, parts, { classes }, seededRandom(seed))) {
    const bounds = upper.slice();
    for (const row of test) bounds[row] = 0;
    const { alpha, slopes, rho } = solveDual({ ...problem, upper: bounds }, { ...svmDefaults, ...options });
    // One class alone, as a fold may leave it, has no support vectors: its decisions are all the same.
    const alone = alpha.every((value) => value === 0) && y.find((_, row) => (bounds[row] as number) > 0);
    for (const row of test) decisions[row] = alone || (slopes[row] as number) + (y[row] as number) - rho;
  }
  return fitSigmoid(
    decisions.map((decision) => sign * decision),
    Uint8Array.from(y, (value) => (value === sign ? 1 : 0)),
  );
}
