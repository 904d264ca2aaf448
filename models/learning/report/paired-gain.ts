import type { Random } from '../random.ts';
import { selectTargets } from '../split.ts';
import { boundedIntervals, type Population } from './bootstrap.ts';
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
  /** Absent where there are too few rows, or groups of them, to draw from. */
  readonly interval?: Interval;
}

/** The difference of two mean losses with its 95 % interval by the paired bootstrap: both are drawn on the same rows. */
export function pairedGain({ own, other, root }: PairedLosses, population: Population, random: Random): Gain {
  const finish = root ? Math.sqrt : (loss: number): number => loss;
  const gainOn = (mine: Float64Array, theirs: Float64Array) => (weights: Uint16Array) => {
    let [lost, lostByOther, count] = [0, 0, 0];
    for (let row = 0; row < weights.length; row++) {
      const weight = weights[row] as number;
      lost += weight * (mine[row] as number);
      lostByOther += weight * (theirs[row] as number);
      count += weight;
    }
    return finish(lostByOther / count) - finish(lost / count);
  };
  const gainOf = (rows: Int32Array | undefined) => ({
    gain: rows ? gainOn(selectTargets(own, rows), selectTargets(other, rows)) : gainOn(own, other),
  });
  const difference = gainOf(undefined).gain(new Uint16Array(population.count).fill(1));
  const { gain } = boundedIntervals(population, gainOf, random);
  return { difference, ...(gain && { interval: gain }) };
}
