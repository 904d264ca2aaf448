import { expect, it } from 'vitest';
import { logarithm } from '../../../models/kernels/twin/logarithm.ts';
import { seeded } from '../../seeded.ts';

it('is log(1 + x) to the last digits, of small x too', () => {
  const next = seeded(4);
  const powers = Array.from({ length: 4_000 }, () => 10 ** (-20 + 24 * next()));
  for (const x of [0, 1e-300, 0.5, 1 - 2 ** -53, 1, 1 + 2 ** -52, 3, 1e6, ...powers]) {
    const exact = Math.log1p(x);
    expect(Math.abs(logarithm(x) - exact)).toBeLessThanOrEqual(4 * 2 ** -53 * exact);
  }
});
