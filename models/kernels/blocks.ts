import type { Rows } from '../rows.ts';
import { BLOCK, type Kernels } from './kernels.ts';

export const blockCount = ({ count }: { readonly count: number }): number => Math.ceil(count / BLOCK);

/** Bytes of rows in blocks, and of the room beside them in which they are laid. */
export const blockBytes = (rows: { readonly count: number; readonly width: number }) => ({
  blocks: 8 * BLOCK * blockCount(rows) * rows.width,
  scratch: 8 * BLOCK * rows.width,
});

/** Lays rows in blocks of 16, column by column; what is left of the last block is zero. */
export function layBlocks(
  { count, width, values }: Rows,
  { memory, transpose }: Kernels,
  at: { readonly blocks: number; readonly scratch: number },
): void {
  const scratch = new Float64Array(memory, at.scratch, BLOCK * width);
  for (let first = 0; first < count; first += BLOCK) {
    const rows = Math.min(BLOCK, count - first);
    scratch.fill(0, rows * width);
    scratch.set(values.subarray(first * width, (first + rows) * width));
    transpose(at.scratch, BLOCK, width, at.blocks + 8 * first * width, BLOCK);
  }
}
