import { logChoose } from './log-factorial.ts';

/** Some of all. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/**
 * Wilson's score interval of a proportion.
 * @param z quantile of the standard normal distribution, such as 1.96 for 95 % between both ends
 */
export function wilson({ count, of }: Share, z: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const [p, square] = [count / of, z * z];
  const centre = (p + square / (2 * of)) / (1 + square / of);
  const half = (z / (1 + square / of)) * Math.sqrt((p * (1 - p)) / of + square / (4 * of * of));
  // At the ends the bound is exact; rounding must not put it outside.
  return [count === 0 ? 0 : centre - half, count === of ? 1 : centre + half];
}

/**
 * Upper bound of p1 - p2 by Wilson's intervals of both: Newcombe, Statistics in Medicine 17 (1998), method 10.
 * @param z of one side
 */
export function differenceAtMost(first: Share, second: Share, z: number): number {
  if (first.of === 0 || second.of === 0) return 1;
  const [p, q] = [first.count / first.of, second.count / second.of];
  const [, high] = wilson(first, z);
  const [low] = wilson(second, z);
  return p - q + Math.hypot(high - p, q - low);
}

/**
 * Fisher's exact test, one-sided: how likely the first share is at least as large as it is, if both are of one kind.
 * The hypergeometric tail.
 */
export function fisherGreater(first: Share, second: Share): number {
  const [all, marked] = [first.of + second.of, first.count + second.count];
  const last = Math.min(marked, first.of);
  const whole = logChoose(all, first.of);
  const logOf = (i: number) => logChoose(marked, i) + logChoose(all - marked, first.of - i) - whole;
  let tail = 0;
  for (let i = first.count; i <= last; i++) {
    const term = Math.exp(logOf(i));
    tail += term;
    if (term < tail * 1e-17 && i > (first.of * marked) / all) break;
  }
  return Math.min(1, tail);
}

/**
 * Clopper and Pearson's upper bound of a proportion: the p at which `count` or fewer come with probability `risk`.
 * @param risk of one side, such as 0.05
 */
export function atMost({ count, of }: Share, risk: number): number {
  if (count >= of) return 1;
  let [low, high] = [count / of, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (binomialTail({ count, of }, middle) > risk) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X <= count) of `of` draws with probability p. */
function binomialTail({ count, of }: Share, p: number): number {
  let tail = 0;
  // From the largest term down: those that follow shrink, where p is at or above the share.
  for (let i = count; i >= 0; i--) {
    const term = Math.exp(logChoose(of, i) + i * Math.log(p) + (of - i) * Math.log1p(-p));
    tail += term;
    if (term < tail * 1e-17) break;
  }
  return tail;
}
