import { describe, expect, test } from 'vitest';
import { noCounts } from '../../../models/watch/counts.ts';
import { type Logged, parseLogged, withLogged } from '../../../models/watch/log-counts.ts';

const canary = { version: 2, weight: 10, since: 's' };

const attempt = (timestamp: number, since = 's'): Logged => ({
  timestamp,
  line: { modeldrop: 'trial', model: 'm', side: 'canary', since, attempts: 1 },
});

const attempts = (counts: ReturnType<typeof withLogged>) => counts.trial?.canary.attempts;

describe('counts that come by way of a log', () => {
  test('hold every line once, from where they went up to now', () => {
    const first = withLogged(noCounts('m'), [attempt(1), attempt(9), attempt(10)], 10, canary);
    expect([first.upTo, attempts(first)]).toEqual([10, 2]);
    const second = withLogged(first, [attempt(9), attempt(10), attempt(11)], 12, canary);
    expect([second.upTo, attempts(second)]).toEqual([12, 4]);
  });

  test('do not go back where an earlier look ends later', () => {
    const counts = withLogged(noCounts('m'), [attempt(1)], 10, canary);
    expect(withLogged(counts, [attempt(1)], 5, canary)).toBe(counts);
  });

  test('forget a trial that is over, and take no line of another one', () => {
    const counts = withLogged(noCounts('m'), [attempt(1), attempt(2, 'earlier')], 10, canary);
    expect(attempts(counts)).toBe(1);
    expect(withLogged(counts, [], 20, undefined)).not.toHaveProperty('trial');
    expect(attempts(withLogged(counts, [attempt(11, 'later')], 20, { ...canary, since: 'later' }))).toBe(1);
  });

  test.each(['', 'START RequestId: 1', '{"modeldrop":"other","model":"m"}', '{"modeldrop":"trial"}', 'null'])(
    'take %j for no line of theirs',
    (message) => {
      expect(parseLogged(1, message)).toBeUndefined();
    },
  );
});
