import type { Hyperparameters } from './algorithms.ts';
import { evaluate } from './evaluation.ts';
import { fitPipeline } from './pipeline.ts';
import type { PreparationRecipe } from './preparing/preparation-recipe.ts';
import { foldsOf, type Problem } from './problem.ts';
import { seededRandom } from './random.ts';
import type { Recipe } from './recipe.ts';
import { TrainingRefused } from './training-refused.ts';

/** How a candidate did: its mean score on rows that were left out, lower is better. */
export interface Trial {
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly score: number;
}

export interface SearchResult {
  readonly best: Hyperparameters;
  readonly metric: string;
  readonly folds: number;
  readonly trials: readonly Trial[];
}

/** Hears of what is done, and of how much there is to do. */
export type OnProgress = (doing: string, done: number, total: number) => void;

/** Of each hyperparameter that a search varies, from the simplest model to the most flexible. */
const GRIDS = {
  C: [0.01, 0.1, 1, 10, 100],
  alpha: [100, 10, 1, 0.1, 0.01],
  gamma: [0.001, 0.01, 0.1, 1],
} as const;

const SEARCHED: Readonly<Record<string, readonly (keyof typeof GRIDS)[]>> = {
  ridge: ['alpha'],
  lasso: ['alpha'],
  'elastic-net': ['alpha'],
  logistic: ['C'],
  svc: ['C', 'gamma'],
  svr: ['C', 'gamma'],
};

/** Every combination of what the recipe leaves open; one where it leaves nothing open. */
export function candidatesOf(problem: Problem, recipe: Recipe, seed: number): readonly Hyperparameters[] {
  const { C, alpha, gamma, search = false, ...rest } = recipe;
  const open = search ? (SEARCHED[problem.kind] ?? []) : [];
  const values = <K extends keyof typeof GRIDS, T>(
    name: K,
    stated: T | readonly T[] | undefined,
  ): (T | undefined)[] => {
    if (stated !== undefined) return Array.isArray(stated) ? [...stated] : [stated as T];
    const isIdle = (name === 'gamma' && recipe.kernel === 'linear') || (name === 'C' && recipe.penalty === 'none');
    const isOpen = open.includes(name) && !isIdle;
    return isOpen ? ([...GRIDS[name]] as T[]) : [undefined];
  };
  return values('C', C).flatMap((c) =>
    values('alpha', alpha).flatMap((a) =>
      values('gamma', gamma).map((g) => ({
        ...rest,
        seed,
        ...(c !== undefined && { C: c }),
        ...(a !== undefined && { alpha: a }),
        ...(g !== undefined && { gamma: g as number | 'scale' | 'auto' }),
      })),
    ),
  );
}

export const DEFAULT_FOLDS = 5;

/**
 * The candidate with the lowest mean score over cross-validation within these rows; preparation and fit see each fold's
 * training side only. Ties go to the first, which is the simplest.
 * @throws TrainingRefused where no candidate can be fitted
 */
export function searchBest(
  problem: Problem,
  rows: Int32Array,
  candidates: readonly Hyperparameters[],
  preparation: PreparationRecipe,
  { cv = DEFAULT_FOLDS }: Recipe,
  onProgress: OnProgress,
): SearchResult {
  const splits = foldsOf(problem, rows, cv, seededRandom((candidates[0] as Hyperparameters).seed));
  let metric = '';
  const trials = candidates.map((hyper, c): Trial => {
    const scores = splits.map(({ train, test }, fold) => {
      onProgress(`cross-validation of ${worded(hyper)}`, c * splits.length + fold, candidates.length * splits.length);
      const { model } = fitPipeline(problem, train, preparation, hyper);
      const { primary } = evaluate(model, problem, test);
      metric = primary.metric;
      return primary.loss;
    });
    return { hyperparameters: variedOf(hyper), score: scores.reduce((sum, score) => sum + score, 0) / scores.length };
  });
  const finite = trials.map(({ score }) => (Number.isFinite(score) ? score : Number.POSITIVE_INFINITY));
  const best = finite.indexOf(Math.min(...finite));
  if (!Number.isFinite(finite[best]))
    throw new TrainingRefused({ where: 'search', rule: 'must find a candidate with a score' });
  return { best: candidates[best] as Hyperparameters, metric, folds: cv, trials };
}

const variedOf = ({ C, alpha, gamma }: Hyperparameters): Record<string, unknown> => ({
  ...(C !== undefined && { C }),
  ...(alpha !== undefined && { alpha }),
  ...(gamma !== undefined && { gamma }),
});

const worded = (hyper: Hyperparameters): string =>
  Object.entries(variedOf(hyper))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
