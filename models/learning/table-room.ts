import { TrainingRefused } from './training-refused.ts';

/**
 * What learning from a table takes at its peak, against its bytes as CSV: typed columns, splits, prepared rows. Measured: 5 for
 * fractions of 18 digits, 9 for a mixed table, 18 for integers of two digits, 28 for short categories.
 */
const MEMORY_PER_BYTE = 30;

/**
 * Larger tables are refused before they are read: nobody likes to wait for a crash.
 * @param memory bytes that may be used
 * @throws TrainingRefused where the table would not fit
 */
export function checkTableRoom({ name, size }: { readonly name: string; readonly size: number }, memory: number): void {
  const largest = Math.floor(memory / MEMORY_PER_BYTE);
  if (size <= largest) return;
  const rule = `must take at most ${largest} bytes to be learned from within the memory that is free here; learn from some of its rows, or by \`modeldrop train\` on a larger machine`;
  throw new TrainingRefused({ where: name, rule, found: size });
}
