import { pairsOf } from '../../kinds/pairs.ts';
import { svmScorer } from '../../kinds/svm.ts';
import { parseSvm, type SvmParameters } from '../../kinds/svm-parameters.ts';
import type { Rows } from '../../rows.ts';
import { folds } from '../folds.ts';
import { seededRandom } from '../random.ts';
import { selectRows } from '../split.ts';
import { requireTargets, TrainingRefused } from '../training-refused.ts';
import { kernelColumns, type TrainingKernel } from './kernel-columns.ts';
import { fitSigmoid, type Sigmoid } from './platt-fit.ts';
import { type DualSolution, solveDual } from './smo.ts';
import { rowsAt } from './support.ts';
import { checkSvmOptions, resolveKernel, type SvmOptions, statedKernel, svmDefaults } from './svm-options.ts';

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
  const fits = pairsOf(classes).map(([i, j]) => fitPair(rows, kernel, [i, j], members, options));
  const { vectors, perClass, coefficients } = assemble(fits, members, classes);
  // A pair is positive for its first class; two classes alone are told toward their second.
  const sign = classes === 2 ? -1 : 1;
  const platt =
    probability &&
    fits.map(({ indices, y, pair }) =>
      plattOf(selectRows(rows, indices), y, sign, upperBounds(y, pair, options), {
        kernel,
        options,
        seed: probability.seed,
      }),
    );
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
  return Array.from({ length: classes }, (_, k) => {
    const members = Int32Array.from(targets.keys()).filter((row) => targets[row] === k);
    if (members.length > 0) return members;
    throw new TrainingRefused({ where: 'targets', rule: `must hold a row of class ${k}` });
  });
}

function fitPair(
  rows: Rows,
  kernel: TrainingKernel,
  pair: readonly [number, number],
  members: readonly Int32Array[],
  options: SvcOptions,
): PairFit {
  const [first, second] = pair.map((k) => members[k] as Int32Array) as [Int32Array, Int32Array];
  const indices = new Int32Array(first.length + second.length);
  indices.set(first);
  indices.set(second, first.length);
  const y = Int8Array.from(indices, (_, t) => (t < first.length ? 1 : -1));
  const upper = upperBounds(y, pair, options);
  const solution = solvePair(selectRows(rows, indices), kernel, y, upper, options);
  return { pair, indices, y, solution, gap: gapOf(y, upper, solution) };
}

const upperBounds = (y: Int8Array, [i, j]: readonly [number, number], { C, classWeights }: SvcOptions): Float64Array =>
  Float64Array.from(y, (sign) => C * (classWeights?.[sign > 0 ? i : j] ?? 1));

function solvePair(
  rows: Rows,
  kernel: TrainingKernel,
  y: Int8Array,
  upper: Float64Array,
  options: SvcOptions,
): DualSolution {
  const { cacheBytes = svmDefaults.cacheBytes } = options;
  const p = new Float64Array(y.length).fill(-1);
  return solveDual({ kernel: kernelColumns(rows, kernel, cacheBytes), y, p, upper }, { ...svmDefaults, ...options });
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
  const weights = new Map<number, number>();
  for (const { indices, solution } of fits) {
    for (const [t, row] of indices.entries()) if ((solution.alpha[t] as number) > 0) weights.set(row, 0);
  }
  const chosen = members.map((rows) => [...rows].filter((row) => weights.has(row)));
  const vectors = chosen.flat();
  const position = new Map(vectors.map((row, at) => [row, at]));
  const coefficients = Array.from({ length: classes - 1 }, () => new Array<number>(vectors.length).fill(0));
  for (const { pair, indices, y, solution } of fits) {
    const [i, j] = pair;
    for (const [t, row] of indices.entries()) {
      const alpha = solution.alpha[t] as number;
      if (alpha === 0) continue;
      // Of class i the row against j lies at j - 1, of class j the row against i at i.
      const line = coefficients[(y[t] as number) > 0 ? j - 1 : i] as number[];
      line[position.get(row) as number] = (y[t] as number) * alpha;
    }
  }
  return { vectors, perClass: chosen.map((rows) => rows.length), coefficients };
}

interface PlattChoice {
  readonly kernel: TrainingKernel;
  readonly options: SvcOptions;
  readonly seed: number;
}

const PLATT_FOLDS = 5;

/** A sigmoid over decisions on rows that each machine has not seen. */
function plattOf(
  rows: Rows,
  y: Int8Array,
  sign: number,
  upper: Float64Array,
  { kernel, options, seed }: PlattChoice,
): Sigmoid {
  const decisions = new Float64Array(y.length);
  const classes = Int32Array.from(y, (value) => (value > 0 ? 0 : 1));
  const parts = Math.min(PLATT_FOLDS, y.length);
  for (const { train, test } of folds(y.length, parts, { classes }, seededRandom(seed))) {
    const labels = Int8Array.from(train, (row) => y[row] as number);
    const known = selectRows(rows, train);
    const solution = solvePair(
      known,
      kernel,
      labels,
      Float64Array.from(train, (row) => upper[row] as number),
      options,
    );
    const scores = decisionsOf({ known, labels, solution, kernel }, selectRows(rows, test));
    for (const [k, row] of test.entries()) decisions[row] = scores[k] as number;
  }
  return fitSigmoid(
    decisions.map((decision) => sign * decision),
    Uint8Array.from(y, (value) => (value === sign ? 1 : 0)),
  );
}

interface Machine {
  readonly known: Rows;
  readonly labels: Int8Array;
  readonly solution: DualSolution;
  readonly kernel: TrainingKernel;
}

/** One class alone, as a fold may leave it, has no support vectors: its decisions are all the same. */
function decisionsOf({ known, labels, solution, kernel }: Machine, rows: Rows): Float64Array {
  const support = Array.from(labels.keys()).filter((t) => (solution.alpha[t] as number) > 0);
  if (support.length === 0) return new Float64Array(rows.count).fill(labels[0] as number);
  const scorer = svmScorer(
    parseSvm(
      {
        type: 'epsilon_svr',
        kernel: statedKernel(kernel),
        supportVectors: rowsAt(known, support),
        coefficients: [support.map((t) => (labels[t] as number) * (solution.alpha[t] as number))],
        rho: [solution.rho],
      },
      undefined,
      { width: rows.width, where: 'machine' },
    ),
  );
  return scorer.score(rows).get('predict')?.data as Float64Array;
}
