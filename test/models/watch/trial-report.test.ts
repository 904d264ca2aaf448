import { expect, test } from 'vitest';
import { countAttempt, countSuccess, newLedger } from '../../../models/watch/ledger.ts';
import { trialReport } from '../../../models/watch/trial-report.ts';

const canary = { version: 2, weight: 10, since: '2026-11-25T00:00:00.000Z' };

test('a trial is told by what each side has done: begun, without a good end, slow', () => {
  const ledger = newLedger(canary.since);
  for (let i = 0; i < 200; i++) {
    countAttempt(ledger.stable, undefined);
    countSuccess(ledger.stable, 10);
  }
  for (let i = 0; i < 12; i++) {
    countAttempt(ledger.canary, undefined);
    if (i >= 3) countSuccess(ledger.canary, i === 3 ? 100 : 10);
  }
  expect(trialReport({ ...canary, minimumRequests: 500 }, ledger)).toEqual({
    since: canary.since,
    bakeMinutes: 30,
    minimumRequests: 500,
    canary: { requests: 12, errors: 3, slow: 1 },
    stable: { requests: 200, errors: 0, slow: 0 },
  });
});

test('a trial that nothing was counted of yet has counts of nothing, and says why it was held', () => {
  const judged = { at: canary.since, why: 'bakes for 30 more minutes', looks: 0, seen: 0 };
  const none = { requests: 0, errors: 0, slow: 0 };
  expect(trialReport({ ...canary, judged }, undefined)).toMatchObject({ canary: none, stable: none, judged });
});
