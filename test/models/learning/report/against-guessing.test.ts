import { describe, expect, it } from 'vitest';
import type { Answers } from '../../../../models/learning/answers.ts';
import { seededRandom } from '../../../../models/learning/random.ts';
import { againstGuessing, type Guess } from '../../../../models/learning/report/against-guessing.ts';
import { normal, times } from '../tables.ts';

const compare = (answers: Answers, guess: Guess) =>
  againstGuessing(answers, guess, { count: answers.truth.length }, seededRandom(1));

const numbers = (truth: readonly number[], predicted: readonly number[]): Answers => ({
  task: 'regression',
  truth: Float64Array.from(truth),
  predicted: Float64Array.from(predicted),
});

const classes = (truth: readonly number[], predicted: readonly number[], sure?: number): Answers => ({
  task: 'classification',
  truth: Int32Array.from(truth),
  predicted: Int32Array.from(predicted),
  labels: ['no', 'yes'],
  positive: 1,
  ...(sure !== undefined && {
    probabilities: {
      classes: 2,
      values: Float64Array.from(predicted.flatMap((k) => (k === 0 ? [sure, 1 - sure] : [1 - sure, sure]))),
    },
  }),
});

const draw = normal(4);
const truth = times(80, draw);
const half = times(80, (i) => i % 2);

describe('against guessing', () => {
  it('a model of numbers is held by RMSE to the training mean', () => {
    const { difference, interval, beats, words } = compare(numbers([0, 4], [1, 4]), { mean: 1 });
    expect(difference).toBeCloseTo(Math.sqrt((1 + 9) / 2) - Math.sqrt(1 / 2), 14);
    expect(interval).toHaveLength(2);
    expect(beats).toBe(false);
    expect(words).toContain('RMSE');
  });

  it('a good one beats it, a bad one is worse, and a guess does neither', () => {
    const good = compare(numbers(truth, truth.map((y) => y + 0.3 * draw())), { mean: 0 }); // biome-ignore format: a row
    expect([good.beats, good.words]).toEqual([
      true,
      expect.stringMatching(/^beats guessing: its RMSE is lower, by 0\./),
    ]);
    const bad = compare(numbers(truth, truth.map(() => 5)), { mean: 0 }); // biome-ignore format: a row
    expect([bad.beats, bad.words]).toEqual([false, expect.stringContaining('is worse than guessing')]);
    const none = compare(numbers(truth, truth.map(() => 0.01 * draw())), { mean: 0 }); // biome-ignore format: a row
    expect([none.beats, none.words]).toEqual([false, expect.stringContaining('is not shown to beat guessing')]);
  });

  it('pairs rows: a small gain in every row shows, where the rows differ much', () => {
    const wide = truth.map((y) => 100 * y);
    // Every error is 1 % smaller than that of the guess.
    expect(compare(numbers(wide, wide.map((y) => 0.01 * y)), { mean: 0 }).beats).toBe(true); // biome-ignore format: a row
  });

  it('probabilities are held by log loss to the class priors', () => {
    const { difference, beats } = compare(classes(half, half, 0.8), { priors: Float64Array.of(0.5, 0.5) });
    expect(difference).toBeCloseTo(Math.log(2) + Math.log(0.8), 12);
    expect(beats).toBe(true);
  });

  it('labels alone are held by errors to the majority', () => {
    const { difference, words } = compare(classes(half, half), { priors: Float64Array.of(0.6, 0.4) });
    expect(difference).toBe(0.5);
    expect(words).toContain('error rate');
  });

  it('nothing is shown by one row, however right', () => {
    const { beats, interval, words } = compare(numbers([3], [3]), { mean: 0 });
    expect([beats, interval, words]).toEqual([false, undefined, expect.stringContaining('too few test rows')]);
  });
});
