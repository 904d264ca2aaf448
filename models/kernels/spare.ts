import type { Kernels } from './kernels.ts';
import { openKernels } from './open.ts';
import { RESERVED } from './regions.ts';

/** A memory larger than this is left to the garbage collector. */
const KEPT = 2 ** 27;

let spare: Kernels | undefined;

/**
 * Kernels over zeros, as `openKernels` gives them, in the memory of the last call where it is large enough: the fits of a search
 * follow one another, and fresh pages cost more than a fit. The memory of the call before must no longer be in use.
 */
export function spareKernels(bytes: number): Kernels {
  if (spare !== undefined && bytes <= spare.memory.byteLength) {
    new Uint8Array(spare.memory, RESERVED, bytes - RESERVED).fill(0);
    return spare;
  }
  spare = undefined;
  const kernels = openKernels(bytes);
  if (bytes <= KEPT) spare = kernels;
  return kernels;
}
