import { describe, expect, test } from 'vitest';
import { type Evidence, judgeCanary, type Tally, type Terms } from '../../../models/watch/canary-judge.ts';
import { endings, GOOD, type Traffic } from './simulated-releases.ts';

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

/** How 60 releases of four hours end, of a canary of this kind. */
const outcomes = (canary: Partial<Traffic>): Record<string, number> => endings(60, { ...GOOD, ...canary }, 7);

describe('over 60 simulated releases of four hours', { timeout: 60_000 }, () => {
  test('a canary as good as the stable version is hardly ever withdrawn', () => {
    expect(outcomes({}).withdraw).toBeLessThanOrEqual(2);
  });

  test.each<[string, Partial<Traffic>]>([
    ['with three times the errors', { errors: 3 * GOOD.errors }],
    ['whose every fiftieth request aborts its process', { aborts: 0.02 }],
    ['with five times the slow answers', { slow: 5 * GOOD.slow }],
  ])('a canary %s is hardly ever promoted, and mostly withdrawn', (_, canary) => {
    const { promote, withdraw } = outcomes(canary);
    expect(promote).toBe(0);
    expect(withdraw).toBeGreaterThan(50);
  });

  test('a quiet canary is held to the end', () => {
    expect(outcomes({ perMinute: 2 })).toEqual({ withdraw: 0, promote: 0, hold: 60 });
  });
});
