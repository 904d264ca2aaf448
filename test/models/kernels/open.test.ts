import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Kernels } from '../../../models/kernels/kernels.ts';
import { openKernels } from '../../../models/kernels/open.ts';
import { RESERVED } from '../../../models/kernels/regions.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const isNative = ({ dot }: Kernels): boolean => dot.toString().includes('[native code]');

/** 1 x 3 + 2 x 4, eight times. */
function product(kernels: Kernels): number {
  new Float64Array(kernels.memory, RESERVED, 32).fill(1, 0, 8).fill(2, 8, 16).fill(3, 16, 24).fill(4, 24, 32);
  return kernels.dot(RESERVED, RESERVED + 8 * 16, 16);
}

describe('the kernels', () => {
  it('are WebAssembly here', () => {
    const kernels = openKernels(RESERVED + 8 * 32);
    expect(isNative(kernels)).toBe(true);
    expect(product(kernels)).toBe(88);
  });

  const refused = class {
    constructor() {
      throw new RangeError('could not allocate memory');
    }
  };

  it.each([
    ['is no WebAssembly', undefined],
    ['is no memory for it', { Module: Object, Instance: Object, Memory: refused }],
  ])('are plain TypeScript where there %s', (_, webAssembly) => {
    vi.stubGlobal('WebAssembly', webAssembly);
    const kernels = openKernels(RESERVED + 8 * 32);
    expect(isNative(kernels)).toBe(false);
    expect(product(kernels)).toBe(88);
  });

  it('keep a memory each', () => {
    const [one, other] = [openKernels(70_000), openKernels(70_000)];
    new Float64Array(one.memory, RESERVED).fill(1);
    expect(new Float64Array(other.memory, RESERVED).every((value) => value === 0)).toBe(true);
  });
});
