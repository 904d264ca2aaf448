import type { Kernels } from './kernels.ts';
import { twinKernels } from './twin/twin.ts';
import { webAssemblyKernels } from './web-assembly.ts';

/** The kernels over a memory of at least `bytes`: WebAssembly where the machine has its SIMD, otherwise their twin. */
export function openKernels(bytes: number): Kernels {
  try {
    return webAssemblyKernels(bytes);
  } catch {
    return twinKernels(bytes);
  }
}
