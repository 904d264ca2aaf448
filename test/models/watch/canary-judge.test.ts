import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../models/learning/random.ts';
import { type Evidence, judgeCanary, type Tally, type Terms } from '../../../models/watch/canary-judge.ts';

const terms: Terms = { bakeMinutes: 30, minimumRequests: 100 };

const tally = (attempts: number, errors = 0, slow = 0, keys?: number): Tally => ({
  attempts,
  successes: attempts - errors,
  slow,
  ...(keys !== undefined && { keys }),
});

const evidence = (canary: Tally, more: Partial<Evidence> = {}): Evidence => ({
  stable: tally(20_000, 2, 150),
  canary,
  minutes: 60,
  looks: 0,
  seen: 0,
  ...more,
});

describe('a canary', () => {
  test('that is shown to be no worse is promoted', () => {
    expect(judgeCanary(evidence(tally(4_000, 0, 20)), terms)).toMatchObject({ verdict: 'promote', tested: true });
  });

  test.each<[string, Tally, string]>([
    ['errs', tally(200, 10), 'errors: 5.00 % against 0.01 %'],
    ['is slow', tally(2_000, 0, 100), 'slower: 5.00 %'],
    ['answers nothing at all', tally(40, 40), 'errors: 100.00 %'],
  ])('that %s is withdrawn, with the figures', (_, canary, why) => {
    const found = judgeCanary(evidence(canary), terms);
    expect(found.verdict).toBe('withdraw');
    expect(found.why).toContain(why);
  });

  test('that errs is withdrawn before it is baked', () => {
    expect(judgeCanary(evidence(tally(200, 10), { minutes: 1 }), terms).verdict).toBe('withdraw');
  });

  test.each<[string, Tally, Partial<Evidence>, string]>([
    ['is not baked yet', tally(4_000), { minutes: 12.5 }, 'bakes for 18 more minutes'],
    ['is quiet', tally(99), {}, '99 of at least 100'],
    ['nobody asks', tally(0), {}, '0 of at least 100'],
    ['may still err more', tally(400), {}, 'may err by up to 0.66 points'],
    ['may still be slow', tally(2_000, 0, 15), {}, 'may be slower'],
    ['is asked by few, again and again', tally(4_000, 0, 20, 29), {}, '29 of at least 30'],
  ])('that %s is held', (_, canary, more, why) => {
    const found = judgeCanary(evidence(canary, more), terms);
    expect(found.verdict).toBe('hold');
    expect(found.why).toContain(why);
  });

  test('is tested only when its requests have doubled, each time by a stricter rule', () => {
    const before = { looks: 3, seen: 100 };
    expect(judgeCanary(evidence(tally(199, 4), before), terms).tested).toBe(false);
    expect(judgeCanary(evidence(tally(200, 4), before), terms).tested).toBe(true);
    const doubtful = tally(200, 2);
    expect(judgeCanary(evidence(doubtful), terms).verdict).toBe('withdraw');
    expect(judgeCanary(evidence(doubtful, { looks: 20, seen: 100 }), terms).verdict).toBe('hold');
  });

  test('is not withdrawn for the errors that the stable version makes as well', () => {
    const stable = tally(20_000, 1_000, 150);
    expect(judgeCanary(evidence(tally(4_000, 200, 20), { stable }), terms).verdict).not.toBe('withdraw');
  });
});

/** Minutes of traffic, judged every minute: whether it was withdrawn. */
function live(random: () => number, canaryErrors: number): 'withdraw' | 'promote' | 'hold' {
  const [perMinute, weight, stableErrors, slow] = [200, 0.1, 0.02, 0.008];
  const counts = { stable: { attempts: 0, successes: 0, slow: 0 }, canary: { attempts: 0, successes: 0, slow: 0 } };
  let [looks, seen] = [0, 0];
  for (let minute = 1; minute <= 240; minute++) {
    for (let request = 0; request < perMinute; request++) {
      const isCanary = random() < weight;
      const side = isCanary ? counts.canary : counts.stable;
      side.attempts += 1;
      if (random() < (isCanary ? canaryErrors : stableErrors)) continue;
      side.successes += 1;
      if (random() < slow) side.slow += 1;
    }
    const found = judgeCanary({ ...counts, minutes: minute, looks, seen }, terms);
    if (found.tested) [looks, seen] = [looks + 1, counts.canary.attempts];
    if (found.verdict !== 'hold') return found.verdict;
  }
  return 'hold';
}

describe('over 300 simulated releases of four hours', () => {
  const outcomes = (canaryErrors: number): Record<string, number> => {
    const { next: random } = seededRandom(7);
    const counts: Record<string, number> = { withdraw: 0, promote: 0, hold: 0 };
    for (let release = 0; release < 300; release++) {
      const outcome = live(random, canaryErrors);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  };

  test('a canary as good as the stable version is hardly ever withdrawn', () => {
    expect(outcomes(0.02).withdraw).toBeLessThanOrEqual(6);
  });

  test('a canary with three times the errors is hardly ever promoted', () => {
    const { promote = 0, withdraw = 0 } = outcomes(0.06);
    expect(promote).toBe(0);
    expect(withdraw).toBeGreaterThan(290);
  });
});
