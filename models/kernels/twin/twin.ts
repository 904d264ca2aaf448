import type { Kernels } from '../kernels.ts';
import { choleskyLoop } from './cholesky.ts';
import { columnLoops } from './columns.ts';
import { crossEntropyLoops } from './cross-entropy.ts';
import { crossLoops } from './cross-products.ts';
import { designLoops } from './design.ts';
import { exponentialLoop } from './exponential.ts';
import { floatColumnLoop } from './float-columns.ts';
import { rowLoops } from './rows.ts';
import { sumLoops } from './sums.ts';
import { transposeLoop } from './transpose.ts';
import { workingSetLoops } from './working-set.ts';

/** The kernels in plain TypeScript, for where WebAssembly's SIMD is missing, and to hold it against. */
export function twinKernels(bytes: number): Kernels {
  const memory = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
  const [doubles, floats] = [new Float64Array(memory), new Float32Array(memory)];
  return {
    memory,
    ...exponentialLoop(doubles),
    ...rowLoops(doubles),
    ...sumLoops(doubles),
    ...crossLoops(doubles),
    ...transposeLoop(doubles),
    ...columnLoops(doubles),
    ...floatColumnLoop(doubles, floats),
    ...workingSetLoops(doubles, floats),
    ...designLoops(doubles),
    ...crossEntropyLoops(doubles),
    ...choleskyLoop(doubles),
  };
}
