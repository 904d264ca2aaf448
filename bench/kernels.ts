/**
 * Time of a support vector machine for one row, the size of the digits' machine (651 vectors of 64 features), by the SIMD
 * kernels and by their plain twin, and of the first row: module compiled, memory filled, row scored.
 * Run: npm run bench:kernels
 */

import { openKernels } from '../models/kernels/open.ts';
import { regions } from '../models/kernels/regions.ts';
import { twinKernels } from '../models/kernels/twin/twin.ts';
import { type Kernel, kernelLoop } from '../models/kinds/kernel.ts';
import { placesFor } from '../models/kinds/products.ts';
import { groupedSums } from '../models/kinds/svm-sums.ts';
import { seededRandom } from '../models/learning/random.ts';
import { table } from './table.ts';

const [COUNT, WIDTH, CLASSES, ROUNDS] = [651, 64, 10, 7];
const random = seededRandom(1);
const numbers = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.next());
const vectors = { count: COUNT, width: WIDTH, values: numbers(COUNT * WIDTH) };
const row = numbers(WIDTH);
const kernel: Kernel = { name: 'rbf', gamma: 0.05 };
const perClass = Array.from(
  { length: CLASSES },
  (_, k) => Math.floor(((k + 1) * COUNT) / CLASSES) - Math.floor((k * COUNT) / CLASSES),
);

const startedAt = performance.now();
const { measure } = groupedSums({ kernel, vectors }, numbers(COUNT * (CLASSES - 1)), perClass);
measure(row, 0);
const first = performance.now() - startedAt;

/** Microseconds a call, of the median round. */
function microseconds(work: () => void, calls: number): string {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) work();
    return ((performance.now() - start) * 1_000) / calls;
  }).sort((a, b) => a - b);
  return `${(times[ROUNDS >> 1] as number).toFixed(1)} us`;
}

const { at, bytes } = regions(placesFor(vectors));
const [native, plain] = [openKernels, twinKernels].map((open) => kernelLoop(kernel, vectors, open(bytes), at));
console.info(
  table(
    [`one row, ${COUNT} vectors of ${WIDTH}`, 'median'],
    [
      ['RBF kernel, SIMD', microseconds(() => native?.(row, 0), 20_000)],
      ['RBF kernel, plain TypeScript', microseconds(() => plain?.(row, 0), 5_000)],
      [`RBF kernel and the sums of ${CLASSES} classes, SIMD`, microseconds(() => measure(row, 0), 20_000)],
      ['the first row', `${(first * 1_000).toFixed(0)} us`],
    ],
  ),
);
