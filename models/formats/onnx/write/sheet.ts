import type { ColumnType } from '../../../frame.ts';
import type { Header } from '../../../preparation/column-plan.ts';
import type { Graph, Value } from './graph.ts';
import type { Guard } from './guard.ts';

/** Columns side by side in one tensor `[rows, width]`. Texts have a block each. */
export interface Block {
  readonly value: Value;
  readonly width: number;
  readonly type: ColumnType;
}

/** A column between two steps, and where in which block it lies. */
export interface Column extends Header {
  readonly block: number;
  readonly at: number;
}

/** All columns between two steps, in their order, and what no row may have that came so far. */
export interface Sheet {
  readonly blocks: readonly Block[];
  readonly columns: readonly Column[];
  readonly guards: readonly Guard[];
}

/** The columns of a block that a step takes: `k` counts among those of the step. */
export type Picks = readonly { readonly k: number; readonly at: number }[];

/** The sheet with each block that a step takes columns of made into another of the same columns. */
export function mapBlocks(
  sheet: Sheet,
  positions: readonly number[],
  map: (block: Block, picks: Picks) => Value,
): Sheet {
  const blocks = [...sheet.blocks];
  for (const [index, picks] of picksOf(sheet, positions)) {
    const block = sheet.blocks[index] as Block;
    blocks[index] = { ...block, value: map(block, picks) };
  }
  return { ...sheet, blocks };
}

/** By block, the columns that a step takes. */
export function picksOf({ columns }: Sheet, positions: readonly number[]): ReadonlyMap<number, Picks> {
  const picks = new Map<number, { k: number; at: number }[]>();
  for (const [k, position] of positions.entries()) {
    const { block, at } = columns[position] as Column;
    picks.set(block, [...(picks.get(block) ?? []), { k, at }]);
  }
  return picks;
}

/** A number a column of a block: of those that a step takes, its own, and one that changes nothing for the others. */
export function spreadOver({ width }: Block, picks: Picks, values: readonly unknown[], neutral: number): Float64Array {
  const spread = new Float64Array(width).fill(neutral);
  for (const { k, at } of picks) spread[at] = values[k] as number;
  return spread;
}

/** The sheet with columns of numbers at its end, that all lie in one block. */
export function append(sheet: Sheet, value: Value, headers: readonly Header[]): Sheet {
  if (headers.length === 0) return sheet;
  const block = sheet.blocks.length;
  return {
    ...sheet,
    blocks: [...sheet.blocks, { value, width: headers.length, type: 'number' }],
    columns: [...sheet.columns, ...headers.map((header, at) => ({ ...header, block, at }))],
  };
}

export const without = (sheet: Sheet, positions: readonly number[]): Sheet => ({
  ...sheet,
  columns: sheet.columns.filter((_, position) => !positions.includes(position)),
});

/** The columns as one tensor `[rows, columns]`, in their order. */
export function together(graph: Graph, { blocks, columns }: Sheet): Value {
  const used = blocks.flatMap((_, index) => (columns.some((column) => column.block === index) ? [index] : []));
  const starts = new Map<number, number>();
  let width = 0;
  for (const index of used) {
    starts.set(index, width);
    width += (blocks[index] as Block).width;
  }
  const values = used.map((index) => (blocks[index] as Block).value);
  const whole = values.length === 1 ? (values[0] as Value) : graph.op('Concat', values, { axis: 1 });
  const order = columns.map(({ block, at }) => (starts.get(block) as number) + at);
  const isInOrder = order.length === width && order.every((at, position) => at === position);
  return isInOrder ? whole : graph.op('Gather', [whole, graph.integers(order)], { axis: 1 });
}
