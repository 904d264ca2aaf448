import type { KindName } from '../kinds/kinds.ts';
import type { Rows } from '../rows.ts';
import { elasticNet } from './elastic-net.ts';
import { gradientDescent } from './gradient-descent.ts';
import { leastSquares } from './least-squares.ts';
import { logisticRegression } from './logistic/logistic.ts';
import type { Recipe, TrainedKind } from './recipe.ts';
import { ridge } from './ridge.ts';
import { squaredResiduals } from './squared-residuals.ts';
import { trainSvc } from './svm/svc.ts';
import type { KernelChoice } from './svm/svm-options.ts';
import { trainSvr } from './svm/svr.ts';
import { TrainingRefused } from './training-refused.ts';

/** What one fit came to: the parameters that its kind of model scores with, and what is reported of it. */
export interface Learned {
  readonly kind: KindName;
  readonly parameters: unknown;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Prepared training rows, and how much each counts. */
export interface Sample {
  readonly rows: Rows;
  readonly weights?: Float64Array;
}

/** Hyperparameters with every choice made: one number each. */
export interface Hyperparameters extends Omit<Recipe, 'C' | 'alpha' | 'gamma'> {
  readonly C?: number;
  readonly alpha?: number;
  readonly gamma?: number | 'scale' | 'auto';
  readonly seed: number;
}

export type Algorithm =
  | { readonly task: 'regression'; fit(sample: Sample, targets: Float64Array, hyper: Hyperparameters): Learned }
  | {
      readonly task: 'classification';
      fit(sample: Sample, targets: Int32Array, classes: number, hyper: ClassHyperparameters): Learned;
    };

/** Class weights are resolved to one number a class. */
export type ClassHyperparameters = Hyperparameters & { readonly classWeights?: readonly number[] };

const DEFAULTS = {
  C: 1,
  alpha: 1,
  l1Ratio: 0.5,
  epsilon: 0.1,
  degree: 3,
  coef0: 0,
  rate: 0.1,
  maxIterations: 1_000,
} as const;

const linearFacts = ({ coefficients, intercept }: { coefficients: readonly number[]; intercept: number }) => ({
  kind: 'linear' as const,
  parameters: { coefficients: [coefficients], intercept: [intercept] },
});

const weighted = ({ weights }: Sample) => (weights ? { weights } : {});

function fitLinear(sample: Sample, targets: Float64Array, hyper: Hyperparameters): Learned {
  if (hyper.solver === 'gradient-descent') return fitByDescent(sample, targets, hyper);
  const fit = leastSquares(sample.rows, targets, sample.weights);
  return { ...linearFacts(fit), facts: { ...fit, hyperparameters: {}, converged: true } };
}

function fitByDescent({ rows, weights }: Sample, targets: Float64Array, hyper: Hyperparameters): Learned {
  if (weights)
    throw new TrainingRefused({ where: 'weight', rule: 'is not for solver gradient-descent', found: hyper.weight });
  const { rate = DEFAULTS.rate, maxIterations: iterations = DEFAULTS.maxIterations } = hyper;
  const { losses, diverged, ...fit } = gradientDescent(rows, targets, { rate, iterations });
  if (diverged || !fit.coefficients.every(Number.isFinite)) {
    throw new TrainingRefused({ where: 'rate', rule: 'must be smaller: the loss grew', found: rate });
  }
  const objective = squaredResiduals(rows, targets, fit);
  // Nothing tells how far the optimum is: the loss curve does.
  return {
    ...linearFacts(fit),
    facts: { ...fit, objective, losses, hyperparameters: { rate, iterations }, converged: null },
  };
}

function fitRidge(sample: Sample, targets: Float64Array, { alpha = DEFAULTS.alpha }: Hyperparameters): Learned {
  const fit = ridge(sample.rows, targets, { alpha, ...weighted(sample) });
  return { ...linearFacts(fit), facts: { ...fit, hyperparameters: { alpha }, converged: true } };
}

const fitElasticNet =
  (lasso: boolean) =>
  (sample: Sample, targets: Float64Array, hyper: Hyperparameters): Learned => {
    const { alpha = DEFAULTS.alpha, tolerance, maxIterations } = hyper;
    const l1Ratio = lasso ? 1 : (hyper.l1Ratio ?? DEFAULTS.l1Ratio);
    const fit = elasticNet(sample.rows, targets, {
      alpha,
      l1Ratio,
      ...weighted(sample),
      ...(tolerance && { tolerance }),
      ...(maxIterations && { maxIterations }),
    });
    return { ...linearFacts(fit), facts: { ...fit, hyperparameters: lasso ? { alpha } : { alpha, l1Ratio } } };
  };

function fitLogistic(sample: Sample, targets: Int32Array, classes: number, hyper: ClassHyperparameters): Learned {
  const { C = DEFAULTS.C, penalty = 'l2', tolerance, maxIterations } = hyper;
  const weights = rowWeights(sample, targets, hyper.classWeights);
  const fit = logisticRegression(sample.rows, targets, {
    classes,
    C,
    penalty,
    ...(weights && { weights }),
    ...(tolerance && { tolerance }),
    ...(maxIterations && { maxIterations }),
  });
  const { coefficients, intercept } = fit;
  return {
    kind: 'logistic',
    parameters: { coefficients, intercept },
    facts: { ...fit, hyperparameters: penalty === 'none' ? { penalty } : { C, penalty } },
  };
}

/** Weight of the row times weight of its class. */
function rowWeights(
  { weights }: Sample,
  targets: Int32Array,
  classWeights: readonly number[] | undefined,
): Float64Array | undefined {
  if (classWeights === undefined) return weights;
  return Float64Array.from(targets, (k, row) => (classWeights[k] as number) * (weights?.[row] ?? 1));
}

const svmOf = (hyper: Hyperparameters) => {
  const { kernel = 'rbf', gamma = 'scale', degree = DEFAULTS.degree, coef0 = DEFAULTS.coef0, C = DEFAULTS.C } = hyper;
  const choice: KernelChoice = { type: kernel, gamma, degree, coef0 };
  const { tolerance, maxIterations } = hyper;
  return { kernel: choice, C, ...(tolerance && { tolerance }), ...(maxIterations && { maxIterations }) };
};

function fitSvc(sample: Sample, targets: Int32Array, classes: number, hyper: ClassHyperparameters): Learned {
  if (sample.weights)
    throw new TrainingRefused({ where: 'weight', rule: 'is not for svc; see class weights', found: hyper.weight });
  const { classWeights, probability, seed } = hyper;
  const options = svmOf(hyper);
  const fit = trainSvc(sample.rows, targets, {
    ...options,
    classes,
    ...(classWeights && { classWeights }),
    ...(probability && { probability: { seed } }),
  });
  const { parameters, supportIndices, gamma, ...facts } = fit;
  return {
    kind: 'svm',
    parameters,
    facts: {
      ...facts,
      ...(options.kernel.type === 'linear' && { coefficients: hyperplanes(fit, classes) }),
      supportVectors: supportIndices.length,
      supportIndices,
      hyperparameters: { C: options.C, ...(gamma !== undefined && { gamma }) },
    },
  };
}

/** Of a linear kernel: the weights of each pair's decision, as scikit-learn's coef_. */
function hyperplanes(
  { parameters, pairs, supportVectorsPerClass }: ReturnType<typeof trainSvc>,
  classes: number,
): number[][] {
  const { supportVectors, coefficients } = parameters;
  const starts = supportVectorsPerClass.map((_, k) =>
    supportVectorsPerClass.slice(0, k).reduce((sum, n) => sum + n, 0),
  );
  const addClass = (plane: number[], k: number, line: readonly number[]): void => {
    const start = starts[k] as number;
    for (let at = start; at < start + (supportVectorsPerClass[k] as number); at++) {
      for (const [column, value] of (supportVectors[at] as number[]).entries()) {
        plane[column] = (plane[column] ?? 0) + (line[at] as number) * value;
      }
    }
  };
  return pairs.map(([i, j]) => {
    const plane = new Array<number>(supportVectors[0]?.length ?? 0).fill(0);
    addClass(plane, i, coefficients[classes === 2 ? 0 : j - 1] as number[]);
    addClass(plane, j, coefficients[i] as number[]);
    return plane;
  });
}

function fitSvr(sample: Sample, targets: Float64Array, hyper: Hyperparameters): Learned {
  const { epsilon = DEFAULTS.epsilon } = hyper;
  const options = svmOf(hyper);
  const { parameters, dual, gamma, supportIndices, ...facts } = trainSvr(sample.rows, targets, {
    ...options,
    epsilon,
    ...weighted(sample),
  });
  return {
    kind: 'svm',
    parameters,
    facts: {
      ...facts,
      supportVectors: supportIndices.length,
      supportIndices,
      hyperparameters: { C: options.C, epsilon, ...(gamma !== undefined && { gamma }) },
    },
  };
}

/** Every kind that is trained. */
export const algorithms: Readonly<Record<TrainedKind, Algorithm>> = {
  linear: { task: 'regression', fit: fitLinear },
  ridge: { task: 'regression', fit: fitRidge },
  lasso: { task: 'regression', fit: fitElasticNet(true) },
  'elastic-net': { task: 'regression', fit: fitElasticNet(false) },
  svr: { task: 'regression', fit: fitSvr },
  logistic: { task: 'classification', fit: fitLogistic },
  svc: { task: 'classification', fit: fitSvc },
};
