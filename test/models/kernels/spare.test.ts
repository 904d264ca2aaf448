import { expect, it } from 'vitest';
import { RESERVED } from '../../../models/kernels/regions.ts';
import { spareKernels } from '../../../models/kernels/spare.ts';

const valuesOf = ({ memory }: { memory: ArrayBuffer }, bytes: number): Float64Array =>
  new Float64Array(memory, RESERVED, (bytes - RESERVED) / 8);

it('is zero at each call, whatever the call before left there', () => {
  for (const bytes of [80_000, 8_000, 80_000, 400_000]) {
    const values = valuesOf(spareKernels(bytes), bytes);
    expect(values.every((value) => value === 0)).toBe(true);
    values.fill(7);
  }
});

it('serves the next call in the same memory', () => {
  expect(spareKernels(8_000).memory).toBe(spareKernels(80_000).memory);
});
