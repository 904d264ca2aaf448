import type { Rows } from '../../models/rows.ts';
import type { Machine } from './machines/machine.ts';

/** 1/2 a' Q a - sum a, RBF kernel, summed over pairs of classes: by definition, without any of the trainers' code. */
export function dualObjective({ width, values }: Rows, machine: Machine, gamma: number): number {
  const { indices, perClass, coefficients } = machine;
  const starts = perClass.map((_, k) => perClass.slice(0, k).reduce((sum, count) => sum + count, 0));
  const placesOf = (k: number): number[] =>
    Array.from({ length: perClass[k] as number }, (_, i) => (starts[k] as number) + i);
  let total = 0;
  for (let i = 0; i < perClass.length; i++) {
    for (let j = i + 1; j < perClass.length; j++) {
      const members = [
        ...placesOf(i).map((at) => ({ row: indices[at] as number, b: coefficients[j - 1]?.[at] as number })),
        ...placesOf(j).map((at) => ({ row: indices[at] as number, b: coefficients[i]?.[at] as number })),
      ].filter(({ b }) => b !== 0);
      const rows = Int32Array.from(members, ({ row }) => row * width);
      const b = Float64Array.from(members, (member) => member.b);
      for (let s = 0; s < b.length; s++) {
        let sum = (b[s] as number) / 2;
        for (let t = 0; t < s; t++)
          sum += (b[t] as number) * kernel(values, rows[s] as number, rows[t] as number, width, gamma);
        total += (b[s] as number) * sum - Math.abs(b[s] as number);
      }
    }
  }
  return total;
}

function kernel(values: Float64Array, a: number, b: number, width: number, gamma: number): number {
  let distance = 0;
  for (let k = 0; k < width; k++) distance += ((values[a + k] as number) - (values[b + k] as number)) ** 2;
  return Math.exp(-gamma * distance);
}
