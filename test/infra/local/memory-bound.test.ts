import { expect, test } from 'vitest';
import { boundFor } from '../../../infra/local/memory-bound.ts';

const MEGABYTE = 2 ** 20;

test('a larger model may take more, up to three quarters of the machine', () => {
  const bounds = [0, 60, 300, 2_000].map((megabytes) => boundFor(megabytes * MEGABYTE, 2_500, 16_000));
  expect(bounds).toEqual([2_500, 2_980, 4_900, 12_000]);
});

test('a small machine takes no less than a process needs', () => {
  expect([0, 300].map((megabytes) => boundFor(megabytes * MEGABYTE, 2_500, 2_000))).toEqual([2_500, 2_500]);
});
