import { expect, it } from 'vitest';
import { parseAnyRecipe } from '../../../models/learning/any-recipe.ts';

it.each([
  [
    'no kind of all is told all of them',
    { kind: 'mlp' },
    'recipe.kind must be one of linear, ridge, lasso, elastic-net, logistic, svc, svr, cnn, rnn, got "mlp"',
  ],
  ['a network is held to a recipe of networks', { kind: 'rnn', C: 1 }, 'recipe.C is not a known property'],
  ['a kind of ours to one of ours', { kind: 'svc', epochs: 3 }, 'recipe.epochs is not a known property'],
])('%s', (_, recipe, words) => {
  expect(() => parseAnyRecipe(recipe, 'recipe')).toThrow(words);
});

it('takes recipes of either, and one that leaves the kind open', () => {
  for (const recipe of [{ kind: 'cnn', epochs: 3 }, { kind: 'svc', C: 2 }, {}])
    expect(parseAnyRecipe(recipe, 'recipe')).toEqual(recipe);
});
