import type { Recipe, TrainedKind } from './recipe.ts';
import { TrainingRefused } from './training-refused.ts';

type Option = keyof Recipe;

const penalised = ['ridge', 'lasso', 'elastic-net'] as const;
const machines = ['svc', 'svr'] as const;
const classifiers = ['logistic', 'svc'] as const;
const iterated = ['lasso', 'elastic-net', 'logistic', ...machines] as const;

/** The kinds that an option is of; one that is not listed is of every kind. */
const KINDS: Readonly<Partial<Record<Option, readonly TrainedKind[]>>> = {
  C: ['logistic', ...machines],
  alpha: penalised,
  l1Ratio: ['elastic-net'],
  penalty: ['logistic'],
  kernel: machines,
  gamma: machines,
  degree: machines,
  coef0: machines,
  epsilon: ['svr'],
  probability: ['svc'],
  classWeight: classifiers,
  solver: ['linear'],
  rate: ['linear'],
  tolerance: iterated,
  maxIterations: ['linear', ...iterated],
  search: [...penalised, 'logistic', ...machines],
  positive: classifiers,
  threshold: classifiers,
  costFalsePositive: classifiers,
  costFalseNegative: classifiers,
};

interface Condition {
  readonly options: readonly Option[];
  readonly kinds: readonly TrainedKind[];
  readonly holds: (recipe: Recipe) => boolean;
  readonly rule: string;
}

/** What an option needs of another one. */
const CONDITIONS: readonly Condition[] = [
  {
    options: ['gamma'],
    kinds: machines,
    holds: ({ kernel }) => kernel !== 'linear',
    rule: 'is of kernels rbf and poly',
  },
  {
    options: ['degree', 'coef0'],
    kinds: machines,
    holds: ({ kernel }) => kernel === 'poly',
    rule: 'is of kernel poly',
  },
  {
    options: ['rate', 'maxIterations'],
    kinds: ['linear'],
    holds: ({ solver }) => solver === 'gradient-descent',
    rule: 'is of solver gradient-descent',
  },
  {
    options: ['C'],
    kinds: ['logistic'],
    holds: ({ penalty }) => penalty !== 'none',
    rule: 'is of penalties l1 and l2',
  },
];

/** @throws TrainingRefused where an option is stated that this kind would not heed */
export function refuseUnheeded(recipe: Recipe, kind: TrainedKind): void {
  for (const option of Object.keys(recipe) as Option[]) {
    const found = recipe[option];
    const kinds = KINDS[option];
    if (kinds && found !== false && !kinds.includes(kind))
      throw new TrainingRefused({ where: option, rule: `is not of ${kind}, but of ${listed(kinds)}`, found });
    const broken = CONDITIONS.find(
      (one) => one.options.includes(option) && one.kinds.includes(kind) && !one.holds(recipe),
    );
    if (broken) throw new TrainingRefused({ where: option, rule: broken.rule, found });
  }
}

const listed = (kinds: readonly string[]): string =>
  kinds.length < 2 ? kinds.join() : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`;
