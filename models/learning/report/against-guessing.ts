import type { Answers } from '../answers.ts';
import type { Random } from '../random.ts';
import type { Population } from './bootstrap.ts';
import { type PairedLosses, pairedGain } from './paired-gain.ts';
import type { AgainstGuessing, Interval } from './report.ts';
import { logLosses } from './weighted-metrics.ts';

/** What is guessed from the training targets alone: their mean, or their class priors. */
export interface Guess {
  readonly mean?: number;
  readonly priors?: Float64Array;
}

interface Losses extends PairedLosses {
  readonly metric: 'rmse' | 'logloss' | 'accuracy';
}

/**
 * Whether the model beats guessing: the 95 % paired bootstrap interval of the difference in the primary metric excludes 0.
 * Log loss where there are probabilities, otherwise the error rate; RMSE of numbers.
 */
export function againstGuessing(
  answers: Answers,
  guess: Guess,
  population: Population,
  random: Random,
): AgainstGuessing {
  const losses = lossesOf(answers, guess);
  const { difference, interval } = pairedGain(losses, population, random);
  const beats = interval !== undefined && interval[0] > 0;
  return { difference, ...(interval && { interval }), beats, words: wordsOf(interval, losses.metric) };
}

const LOSSES = { rmse: 'RMSE', logloss: 'log loss', accuracy: 'error rate' } as const;

function wordsOf(gain: Interval | undefined, metric: Losses['metric']): string {
  const loss = LOSSES[metric];
  if (gain === undefined)
    return 'is not shown to beat guessing: there are too few test rows, or groups of them, to tell';
  const [low, high] = gain;
  const shown = (value: number): string => value.toPrecision(3);
  if (low > 0) return `beats guessing: its ${loss} is lower, by ${shown(low)} to ${shown(high)}`;
  if (high < 0) return `is worse than guessing: its ${loss} is higher, by ${shown(-high)} to ${shown(-low)}`;
  return `is not shown to beat guessing: its ${loss} may be higher by ${shown(Math.abs(low))} or lower by ${shown(high)}`;
}

function lossesOf(answers: Answers, { mean = 0, priors = new Float64Array() }: Guess): Losses {
  if (answers.task === 'regression') {
    const { truth, predicted } = answers;
    return {
      own: truth.map((value, row) => (value - (predicted[row] as number)) ** 2),
      other: truth.map((value) => (value - mean) ** 2),
      root: true,
      metric: 'rmse',
    };
  }
  const { truth, predicted, probabilities } = answers;
  if (probabilities) {
    const values = Float64Array.from(
      { length: truth.length * priors.length },
      (_, i) => priors[i % priors.length] as number,
    );
    return {
      own: logLosses(truth, probabilities),
      other: logLosses(truth, { classes: priors.length, values }),
      root: false,
      metric: 'logloss',
    };
  }
  const majority = priors.indexOf(Math.max(...priors));
  return {
    own: Float64Array.from(truth, (k, row) => Number(k !== predicted[row])),
    other: Float64Array.from(truth, (k) => Number(k !== majority)),
    root: false,
    metric: 'accuracy',
  };
}
