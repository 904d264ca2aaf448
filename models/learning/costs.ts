import type { Probabilities } from './metrics.ts';
import { forSteps, ranking } from './report/weighted-metrics.ts';

/** What a wrong answer costs, in any unit. A right one costs nothing. */
export interface Costs {
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** Thresholds with the same answers, `above` excluded and `to` included, and what a row costs on average. */
export interface CostStep {
  readonly above: number;
  readonly to: number;
  readonly cost: number;
}

/** Mean cost by threshold, from 0 to 1: a row is taken for positive where its probability is at least the threshold. */
export function costSteps(
  truth: Int32Array,
  probabilities: Probabilities,
  positive: number,
  { falsePositive, falseNegative }: Costs,
): CostStep[] {
  const ranked = ranking(truth, probabilities, positive);
  const positives = ranked.isPositive.reduce((sum, is) => sum + is, 0);
  const scores = Array.from(ranked.ends, (end) => {
    const row = ranked.order[end - 1] as number;
    return probabilities.values[row * probabilities.classes + positive] as number;
  });
  const costs = [(positives * falseNegative) / truth.length];
  forSteps(ranked, undefined, (hits, alarms) => {
    costs.push((alarms * falsePositive + (positives - hits) * falseNegative) / truth.length);
  });
  const edges = [1, ...scores, 0];
  return costs
    .map((cost, i) => ({ above: edges[i + 1] as number, to: edges[i] as number, cost }))
    .filter(({ above, to }) => above < to)
    .reverse();
}

/**
 * The cheapest threshold. Of equals, the one nearest to where calibrated probabilities would put it,
 * falsePositive / (falsePositive + falseNegative): Elkan, "The Foundations of Cost-Sensitive Learning", IJCAI 2001.
 */
export function cheapestThreshold(steps: readonly CostStep[], { falsePositive, falseNegative }: Costs): number {
  const aim = falsePositive / (falsePositive + falseNegative);
  const least = steps.reduce((low, { cost }) => Math.min(low, cost), Number.POSITIVE_INFINITY);
  const best = steps
    .filter(({ cost }) => cost <= least + 1e-12 * Math.max(1, least))
    .map(({ above, to }) => (above < aim && aim <= to ? aim : (above + to) / 2));
  return best.reduce((near, one) => (Math.abs(one - aim) < Math.abs(near - aim) ? one : near));
}
