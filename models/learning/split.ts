import type { ModelFile } from '../formats/format.ts';
import { readText } from '../formats/text.ts';
import type { Rows } from '../rows.ts';
import { TrainingRefused } from './training-refused.ts';

/**
 * Reads an index file: 0-based data rows, the header not counted, one a line; their order is kept.
 * @param rows number of rows of the table
 * @throws TrainingRefused where a line is no row of the table
 */
export function readIndices(file: ModelFile, rows: number): Int32Array {
  const lines = readText(file).trimEnd().split(/\r?\n/);
  return Int32Array.from(lines, (line, index) => {
    const row = /^\s*\d+\s*$/.test(line) ? Number(line) : Number.NaN;
    if (row < rows) return row;
    throw new TrainingRefused({
      where: `${file.name} line ${index + 1}`,
      rule: `must be a row from 0 to ${rows - 1}`,
      found: line,
    });
  });
}

/** The integers from `from` up to, not with, `to`. */
export const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i);

/** A copy of these rows, in the order of the indices. */
export function selectRows({ width, values }: Rows, indices: Int32Array): Rows {
  const selected = new Float64Array(indices.length * width);
  for (const [row, index] of indices.entries()) {
    selected.set(values.subarray(index * width, (index + 1) * width), row * width);
  }
  return { count: indices.length, width, values: selected };
}

/** The targets of these rows, in the order of the indices. */
export const selectTargets = (targets: Float64Array, indices: Int32Array): Float64Array =>
  Float64Array.from(indices, (index) => targets[index] as number);

/** The classes of these rows, in the order of the indices. */
export const selectClasses = (classes: Int32Array, indices: Int32Array): Int32Array =>
  indices.map((index) => classes[index] as number);
