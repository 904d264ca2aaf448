import { expect, test } from 'vitest';
import { standing } from '../../../apps/cli/standing.ts';
import type { Card, Versions } from '../../../apps/client/answers.ts';

const summary = { model: 'm', kind: 'linear', format: 'model.json', digest: '', createdAt: '', createdBy: 'drop' };
const at = '2026-11-25T00:00:00.000Z';
// Of a card no more is looked at.
const card = { ...summary, version: 1, features: ['x', 'z'], files: [], goldenExamples: 0 } as unknown as Card;
const versions: Versions = {
  model: 'm',
  versions: [{ ...summary, version: 1, channel: 'stable' }],
  history: [{ at, by: 'drop', action: 'release', stable: 1 }],
};

test('a model that simply serves takes two lines', () => {
  expect(standing(versions, card)).toEqual(['m     version 1 serves', `last  ${at} release by drop`]);
});

test('a canary, its counts and its verdict so far, the mode and the drift are told', () => {
  const trial = {
    since: at,
    bakeMinutes: 30,
    minimumRequests: 100,
    canary: { requests: 12, errors: 3, slow: 1 },
    stable: { requests: 200, errors: 0, slow: 0 },
    judged: { at, why: 'has answered 12 of at least 100 requests', looks: 1, seen: 12 },
  };
  const psi = { psi: 0.5, chance: 0.01 };
  const drift = {
    rows: 900,
    verdict: 'drifted' as const,
    features: [
      { feature: 'x', ...psi, verdict: 'drifted' as const, words: 'its values are distributed otherwise' },
      { feature: 'z', ...psi, verdict: 'steady' as const, words: 'as in training' },
    ],
  };
  const open: Versions = {
    ...versions,
    versions: [...versions.versions, { ...summary, version: 2, channel: 'canary', weight: 10, trial }],
    policy: { mode: 'canary' },
  };
  expect(standing(open, { ...card, drift })).toEqual([
    'm       version 1 serves',
    'canary  version 2 for 10 % of the requests',
    `        since ${at}; promoted after 30 minutes and 100 requests at the soonest`,
    '        12 requests, 3 without an answer, 1 slow; the stable version 200 requests, 0 without an answer, 0 slow',
    `        held at ${at}: has answered 12 of at least 100 requests`,
    'drift   x: its values are distributed otherwise',
    'mode    canary',
    `last    ${at} release by drop`,
  ]);
});

test('inputs that have not drifted are one word', () => {
  const drift = { rows: 20, verdict: 'too few rows' as const, features: [] };
  expect(standing(versions, { ...card, drift })).toContain('drift  too few rows, in 20 rows');
});
