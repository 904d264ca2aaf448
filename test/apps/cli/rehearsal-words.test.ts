import { expect, test } from 'vitest';
import { rehearsalWords } from '../../../apps/cli/rehearsal-words.ts';

test('says why a version waits where the one that serves could not be asked', () => {
  const quality = { metric: 'rmse', rows: 60, value: 0.8125 } as const;
  const unheld = { version: 3, why: 'its file in the registry is damaged or missing' };
  expect(rehearsalWords({ peakMemoryMb: 100, quality: { ...quality, unheld } })).toEqual([
    'peak memory 100 MB',
    'rmse 0.8125 on 60 labelled rows; not known to be no worse than version 3, which serves, since its file in the registry is damaged or missing: it serves once you release it',
  ]);
});
