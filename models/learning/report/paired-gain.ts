import type { Random } from '../random.ts';
import { bootstrapIntervals, type Population } from './bootstrap.ts';
import type { Interval } from './report.ts';

/** The loss of every row, of two that are held against each other on the same rows. */
export interface PairedLosses {
  readonly own: Float64Array;
  readonly other: Float64Array;
  /** Whether the metric is the root of the mean loss. */
  readonly root: boolean;
}

/** How much lower the own metric is than the other one; below 0 it is worse. */
export interface Gain {
  readonly difference: number;
  readonly interval: Interval;
}

/** The difference of two mean losses with its 95 % interval by the paired bootstrap: both are drawn on the same rows. */
export function pairedGain({ own, other, root }: PairedLosses, population: Population, random: Random): Gain {
  const finish = root ? Math.sqrt : (loss: number): number => loss;
  const gain = (weights: Uint16Array): number => {
    let [mine, theirs, count] = [0, 0, 0];
    for (let row = 0; row < weights.length; row++) {
      const weight = weights[row] as number;
      mine += weight * (own[row] as number);
      theirs += weight * (other[row] as number);
      count += weight;
    }
    return finish(theirs / count) - finish(mine / count);
  };
  const difference = gain(new Uint16Array(population.count).fill(1));
  const { interval = [difference, difference] as Interval } = bootstrapIntervals(
    population,
    { interval: gain },
    random,
  );
  return { difference, interval };
}
