import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedName, nameFor } from '../../../apps/cli/model-name.ts';
import { MODEL_NAME } from '../../../models/model-name.ts';

describe('nameFor', () => {
  it.each([
    ['exports/wine/model.json', 'wine'],
    ['exports/Iris 2024.model', 'iris-2024'],
    ['digits_svm.txt', 'digits-svm'],
    ['--x--.json', 'x'],
    [`${'a'.repeat(70)}.json`, 'a'.repeat(63)],
  ])('of %s is %s', (path, name) => {
    expect(nameFor(path)).toBe(name);
  });

  it('is a valid one, or says that there is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(nameFor(`${text}.json`)).toMatch(MODEL_NAME);
        } catch (error) {
          expect((error as Error).message).toContain('--name');
        }
      }),
    );
  });
});

it.each(['', 'Iris', '-x', 'a_b', 'a'.repeat(64)])('checkedName refuses %j', (name) => {
  expect(() => checkedName(name)).toThrow(`got ${JSON.stringify(name)}`);
});
