import { describe, expect, it } from 'vitest';
import { parseAnyRecipe } from '../../../models/learning/any-recipe.ts';
import { refuseUnheeded } from '../../../models/learning/kind-options.ts';
import { type Recipe, TRAINED_KINDS, type TrainedKind } from '../../../models/learning/recipe.ts';

describe('an option that a kind would not heed', () => {
  it.each<[TrainedKind, Recipe, string]>([
    ['ridge', { penalty: 'l1' }, 'penalty is not of ridge, but of logistic, got "l1"'],
    ['ridge', { l1Ratio: 0.5 }, 'l1Ratio is not of ridge, but of elastic-net, got 0.5'],
    ['lasso', { C: 3 }, 'C is not of lasso, but of logistic, svc and svr, got 3'],
    ['logistic', { alpha: [1, 2] }, 'alpha is not of logistic, but of ridge, lasso and elastic-net'],
    ['logistic', { gamma: 'scale' }, 'gamma is not of logistic, but of svc and svr'],
    ['svc', { epsilon: 0.1 }, 'epsilon is not of svc, but of svr'],
    ['svr', { probability: true }, 'probability is not of svr, but of svc'],
    ['linear', { positive: 'yes' }, 'positive is not of linear, but of logistic and svc'],
    ['linear', { search: true }, 'search is not of linear, but of ridge'],
    ['ridge', { tolerance: 1e-3 }, 'tolerance is not of ridge, but of lasso'],
    ['ridge', { solver: 'exact' }, 'solver is not of ridge, but of linear'],
    ['svc', { kernel: 'linear', gamma: 0.1 }, 'gamma is of kernels rbf and poly, got 0.1'],
    ['svr', { degree: 2 }, 'degree is of kernel poly, got 2'],
    ['linear', { rate: 0.1 }, 'rate is of solver gradient-descent, got 0.1'],
    ['linear', { solver: 'exact', maxIterations: 5 }, 'maxIterations is of solver gradient-descent'],
    ['logistic', { penalty: 'none', C: 2 }, 'C is of penalties l1 and l2, got 2'],
  ])('of %s: %j', (kind, recipe, words) => expect(() => refuseUnheeded(recipe, kind)).toThrow(words));
});

it('what each kind heeds is taken', () => {
  const heeded: Readonly<Record<TrainedKind, Recipe>> = {
    linear: { solver: 'gradient-descent', rate: 0.1, maxIterations: 9 },
    ridge: { alpha: 1, search: true },
    lasso: { alpha: 1, tolerance: 1e-9, maxIterations: 9 },
    'elastic-net': { alpha: 1, l1Ratio: 0.3, tolerance: 1e-9 },
    logistic: { C: 1, penalty: 'l1', classWeight: 'balanced', positive: 1, threshold: 0.4 },
    svc: { C: 1, kernel: 'poly', degree: 2, coef0: 1, gamma: 'auto', probability: true, costFalsePositive: 2 },
    svr: { C: 1, kernel: 'rbf', gamma: 0.1, epsilon: 0.2 },
  };
  for (const kind of TRAINED_KINDS) {
    const everywhere = { target: 't', seed: 1, cv: 3, testSize: 0.3, drop: 'first', refit: 'all' } as const;
    expect(() => refuseUnheeded({ ...everywhere, kind, probability: false, ...heeded[kind] }, kind)).not.toThrow();
  }
});

it('a recipe of a network is held to what a network takes', () => {
  expect(parseAnyRecipe({ kind: 'cnn', epochs: 3 }, 'drop.json')).toEqual({ kind: 'cnn', epochs: 3 });
  expect(() => parseAnyRecipe({ kind: 'rnn', C: 3 }, 'drop.json')).toThrow('drop.json.C is not a known property');
  expect(() => parseAnyRecipe({ kind: 'svc', epochs: 3 }, 'drop.json')).toThrow('drop.json.epochs is not a known');
});
