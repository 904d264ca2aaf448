import { describe, it } from 'vitest';
import type { Kernel } from '../../../models/kinds/kernel.ts';
import { groupedSums, singleSum } from '../../../models/kinds/svm-sums.ts';
import { expectClose } from '../../closeness.ts';
import { rowsOf, sparseOf } from '../../rows.ts';
import { randomTable } from '../../seeded.ts';

const kernels: readonly Kernel[] = [
  { name: 'linear' },
  { name: 'polynomial', gamma: 0.5, coef0: 1, degree: 3 },
  { name: 'polynomial', gamma: 0.5, coef0: -1, degree: 0 },
  { name: 'rbf', gamma: 0.7 },
  { name: 'rbf', gamma: 0 },
  { name: 'sigmoid', gamma: 0.2, coef0: -0.1 },
];

/** The definitions, one value at a time. */
function k(kernel: Kernel, x: readonly number[], s: readonly number[]): number {
  const product = x.reduce((sum, value, i) => sum + value * (s[i] as number), 0);
  switch (kernel.name) {
    case 'linear':
      return product;
    case 'polynomial':
      return (kernel.gamma * product + kernel.coef0) ** kernel.degree;
    case 'rbf':
      return Math.exp(-kernel.gamma * x.reduce((sum, value, i) => sum + (value - (s[i] as number)) ** 2, 0));
    case 'sigmoid':
      return Math.tanh(kernel.gamma * product + kernel.coef0);
  }
}

describe.each(kernels)('sums over support vectors, $name kernel', (kernel) => {
  const sizes = [1, 2, 15, 16, 17, 40].flatMap((count) => [1, 3, 8].map((width) => [count, width] as const));

  it.each(sizes)('%i vectors of %i, dense and sparse', (count, width) => {
    const table = randomTable(1, count, width).map((row) => row.map((value) => (value > 0.5 ? 0 : value)));
    const [x = [], y = []] = randomTable(2, 2, width);
    const weights = Float64Array.from(randomTable(3, 1, count)[0] as number[]);
    const expected = (row: readonly number[]): number =>
      table.reduce((sum, s, i) => sum + (weights[i] as number) * k(kernel, row, s), 0);
    for (const vectors of [rowsOf(table), sparseOf(rowsOf(table))]) {
      const { sums, measure } = singleSum({ kernel, vectors }, weights);
      measure(Float64Array.of(9, ...x), 1);
      expectClose(sums, [expected(x)]);
      measure(Float64Array.from(y), 0);
      expectClose(sums, [expected(y)]);
    }
  });

  it.each([[[3, 0, 14]], [[1, 2, 3, 4]], [[20, 1, 1, 5, 6]]])('classes of %j vectors', (groups) => {
    const count = groups.reduce((sum, size) => sum + size, 0);
    const given = groups.length - 1;
    const table = randomTable(4, count, 5);
    const [x = []] = randomTable(5, 1, 5);
    const coefficients = Float64Array.from(randomTable(6, given, count).flat());
    const { sums, lines, measure } = groupedSums({ kernel, vectors: rowsOf(table) }, coefficients, groups);
    measure(Float64Array.from(x), 0);
    for (let group = 0, first = 0; group < groups.length; first += groups[group++] as number) {
      for (let line = 0; line < given; line++) {
        const members = table.slice(first, first + (groups[group] as number));
        const expected = members.reduce(
          (sum, s, i) => sum + (coefficients[line * count + first + i] as number) * k(kernel, x, s),
          0,
        );
        expectClose(sums[group * lines + line] as number, expected);
      }
    }
  });
});
