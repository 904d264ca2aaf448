import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { preparationRecipe } from '../../models/learning/preparing/preparation-recipe.ts';
import { TRAINED_KINDS } from '../../models/learning/recipe.ts';

const guide = readFileSync(new URL('../../docs/learning.md', import.meta.url), 'utf8');

describe('the guide to learning', () => {
  it('shows a recipe that is one', () => {
    const [, recipe = ''] = /```json\n(.*?)```/s.exec(guide) ?? [];
    expect(preparationRecipe(JSON.parse(recipe))).toHaveProperty('columns.note.encode', 'tf-idf');
  });

  it('tells of every kind', () => {
    for (const kind of TRAINED_KINDS) expect(guide).toContain(`\`${kind}\``);
  });
});
