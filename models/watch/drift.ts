import type { Baseline } from '../baseline.ts';
import { chiSquareQuantile } from '../statistics/chi-square.ts';
import { MOST_FEATURES, trainingBins } from './bins.ts';
import type { InputCounts } from './counts.ts';

export type DriftVerdict = 'drifted' | 'steady' | 'too few rows';

export interface FeatureDrift {
  readonly feature: string;
  /** Population stability index of the served rows against the training rows. */
  readonly psi: number;
  /** What chance alone exceeds once in a thousand times, with so many rows. */
  readonly chance: number;
  readonly verdict: DriftVerdict;
  readonly words: string;
}

export interface Drift {
  /** Rows that were served. */
  readonly rows: number;
  readonly verdict: DriftVerdict;
  readonly features: readonly FeatureDrift[];
}

/** Above it, a distribution counts as another one: if chance does not explain it. */
const NOTABLE = 0.2;
const SURE = 0.999;

/**
 * The population stability index of two sets of counts in the same bins: sum of (q - p) ln(q / p), with proportions
 * (c + 1/2) / (m + B/2) so that an empty bin has a logarithm.
 */
export function stabilityIndex(training: readonly number[], served: readonly number[]): number {
  const [n, m] = [total(training), total(served)];
  const half = training.length / 2;
  return training.reduce((sum, count, bin) => {
    const [p, q] = [(count + 0.5) / (n + half), ((served[bin] as number) + 0.5) / (m + half)];
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}

/** (1/n + 1/m) chi2(B - 1, 0.999): under equal distributions the index is about chi-square distributed times 1/n + 1/m. */
export const chanceIndex = (n: number, m: number, bins: number): number =>
  (1 / n + 1 / m) * chiSquareQuantile(bins - 1, SURE);

/** What has become of the inputs since training; undefined where nothing was counted, or the model knows no bins. */
export function driftOf({ rows, features }: Baseline, served: InputCounts | undefined): Drift | undefined {
  if (served === undefined || served.rows === 0) return undefined;
  const found = features.slice(0, MOST_FEATURES).flatMap((feature, k) => {
    const [training, counts] = [trainingBins(feature, rows), served.bins[k]];
    if (training === undefined || counts?.length !== training.length) return [];
    return [featureDrift(feature.name, training, counts)];
  });
  if (found.length === 0) return undefined;
  const worst = (['drifted', 'too few rows', 'steady'] as const).find((verdict) =>
    found.some((each) => each.verdict === verdict),
  );
  return { rows: served.rows, verdict: worst as DriftVerdict, features: found };
}

function featureDrift(feature: string, training: readonly number[], served: readonly number[]): FeatureDrift {
  const psi = stabilityIndex(training, served);
  const chance = chanceIndex(total(training), total(served), training.length);
  const verdict = verdictOn(psi, chance);
  return { feature, psi, chance, verdict, words: wordsFor(verdict, psi, chance, total(served)) };
}

function verdictOn(psi: number, chance: number): DriftVerdict {
  if (psi > NOTABLE && psi > chance) return 'drifted';
  return psi > NOTABLE || chance > NOTABLE ? 'too few rows' : 'steady';
}

const wordsFor = (verdict: DriftVerdict, psi: number, chance: number, rows: number): string =>
  ({
    drifted: `its values are distributed otherwise than in training: PSI ${shortly(psi)}, more than ${NOTABLE}, and than the ${shortly(chance)} of chance`,
    steady: `as in training: PSI ${shortly(psi)}`,
    'too few rows': `too few rows to tell: with ${rows}, chance alone makes a PSI of ${shortly(chance)}; found ${shortly(psi)}`,
  })[verdict];

const shortly = (value: number): string => Number(value.toPrecision(3)).toString();

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
