import { describe, expect, test } from 'vitest';
import { bars } from '../../../apps/cli/bars.ts';

const explanation = (contributions: readonly [string, number | string | null, number][]) => ({
  scale: 'log_odds',
  method: 'linear',
  base: 0.5,
  value: contributions.reduce((sum, [, , contribution]) => sum + contribution, 0.5),
  error: 0,
  contributions: contributions.map(([feature, value, contribution]) => ({ feature, value, contribution })),
});

describe('bars', () => {
  test('show the largest first, for and against told apart without colour', () => {
    expect(
      bars(
        explanation([
          ['age', 42, 0.5],
          ['city', 'Oslo', -2],
          ['income', null, 0],
        ]),
        80,
      ),
    ).toEqual([
      `  city       Oslo          -2 ${'░'.repeat(40)}`,
      `  age          42        +0.5 ${'█'.repeat(10)}`,
      '  income  missing          +0',
      '  log_odds -1 = 0.5 without knowing the row -1.5 by its features',
    ]);
  });

  test('sum up what is beyond the ten largest', () => {
    const many = Array.from({ length: 12 }, (_, k): [string, number, number] => [`x${k}`, k, 12 - k]);
    const lines = bars(explanation(many), 80);
    expect(lines).toHaveLength(12);
    expect(lines[10]).toMatch(/^ {2}2 others +\+3 █+$/);
  });

  test('fit a narrow terminal, and obey no control character', () => {
    const lines = bars(explanation([['a\u001b[31m', 'x\ny', 1]]), 40);
    expect(lines[0]).toBe(`  a [31m  x y          +1 ${'█'.repeat(10)}`);
  });
});
