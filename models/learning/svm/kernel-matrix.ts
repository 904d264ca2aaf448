import { blockCount, layBlocks } from '../../kernels/blocks.ts';
import { BLOCK, type Kernels, type ValueBytes } from '../../kernels/kernels.ts';
import { openKernels } from '../../kernels/open.ts';
import { regions } from '../../kernels/regions.ts';
import type { Rows } from '../../rows.ts';
import { selectRows } from '../split.ts';
import { diagonalOf, unitOf } from './diagonal.ts';
import { type FloatRows, floatRows } from './float-rows.ts';
import { leastRecent, type Room } from './least-recent.ts';
import type { TrainingKernel } from './training-kernel.ts';

/**
 * The kernel matrix of training rows, in the kernels' memory, computed as it is asked for. Rows lie in segments, as classes
 * do, so that what one pair of classes has asked for serves the next. Columns are computed and kept in float32, or in
 * double where that is not enough.
 */
export interface KernelMatrix {
  readonly kernels: Kernels;
  readonly segments: readonly Segment[];
  /** In whole blocks: as many as there is room for. */
  readonly rows: number;
  /** A power of two, so that it rounds nothing: no value in units of it is far above 1. */
  readonly unit: number;
  /** About how far off a value in float32 may be, in `unit`. */
  readonly rounding: number;
  /** Holds other rows of the table from now on, and lets go of what is kept. They must fit in `rows`. */
  hold(segments: readonly Int32Array[]): void;
  /** Lets go of what is kept in another precision. */
  keepIn(size: ValueBytes): void;
  /** The kernel, in `unit`, of a row with every row of a segment: an address, good until others need the room. */
  between(row: number, segment: number): number;
  /** The same in double: good until the next such question. */
  exactly(row: number, segment: number): Float64Array;
  /** sums[t] += weight times the kernel of a row with every row t of a segment, in double. */
  add(row: number, segment: number, weight: number, sums: number): void;
  /** The diagonal in `unit`, row by row, and room for a solver's arrays. */
  readonly at: Readonly<Record<'diagonal' | 'result' | 'slopes' | 'up' | 'down', number>>;
}

/** Rows from `first` on, which begins a block. */
export interface Segment {
  readonly first: number;
  readonly count: number;
  /** In whole blocks. */
  readonly padded: number;
  /** Of the table. */
  readonly indices: Int32Array;
}

export interface MatrixOptions {
  /** Rows of the table, segment by segment. */
  readonly segments: readonly Int32Array[];
  /** Of the largest problem, in whole blocks. */
  readonly variables: number;
  readonly cacheBytes: number;
  readonly open?: (bytes: number) => Kernels;
}

/** What one step needs at once: two rows, each with two segments. */
const FEWEST = 4;
/** What WebAssembly can address, less room for the rows. */
const LARGEST_CACHE = 3 * 2 ** 30;
const CHUNK = 1024;
/** Of the cache, taken without asking. */
const AT_ONCE = 4 * 2 ** 20;
/** Time to take fresh memory for a value, and to compute one: by its row's width, and at least. */
const TIMES = { take: 16, perColumn: 0.35, atLeast: 3 };

export const inBlocks = (count: number): number => BLOCK * blockCount({ count });

/** What was asked for last is kept, in `cacheBytes` at most, but always what one step needs. */
export function kernelMatrix(rows: Rows, kernel: TrainingKernel, options: MatrixOptions): KernelMatrix {
  const { width } = rows;
  const diagonal = diagonalOf(rows, kernel);
  const unit = unitOf(diagonal);
  const floats = floatRows(rows, kernel, unit);
  let segments = segmentsOf(options.segments);
  const count = segments.reduce((sum, { padded }) => sum + padded, 0);
  const longest = Math.max(...segments.map(({ padded }) => padded));
  const affordable = Math.min(options.cacheBytes, LARGEST_CACHE);
  const room = Math.max(FEWEST * 8 * longest, Math.min(4 * longest * rows.count * segments.length, affordable));
  const { at, bytes } = regions({
    floats: 4 * count * width,
    kernel: 8 * 8,
    scratch: 8 * Math.max(BLOCK * width, width + 1 + CHUNK),
    result: 8 * 3,
    diagonal: 8 * count,
    slopes: 8 * options.variables,
    up: 8 * options.variables,
    down: 8 * options.variables,
    exact: 8 * longest,
    blocks: 8 * count * width,
    kept: room,
  });
  const kernels = (options.open ?? openKernels)(bytes);
  const { memory } = kernels;
  const vectorIn = (start: number, size: ValueBytes, row: number): number =>
    start + size * ((row - (row % BLOCK)) * width + (row % BLOCK));
  const kernelAt = { 4: at.kernel, 8: at.kernel + 8 * 4 };
  new Float64Array(memory, kernelAt[4]).set(floats.kernel);
  new Float64Array(memory, kernelAt[8]).set(numbersOf(kernel));

  let areDoublesLaid = false;
  /** Only where they are asked for: most fits need none. */
  const layDoubles = (): void => {
    if (areDoublesLaid) return;
    for (const { first, indices } of segments) {
      layBlocks(selectRows(rows, indices), kernels, { blocks: at.blocks + 8 * first * width, scratch: at.scratch });
    }
    areDoublesLaid = true;
  };
  const lay = (): void => {
    const values = new Float64Array(memory, at.diagonal, count);
    for (const { first, indices } of segments) {
      layFloats(rows, indices, floats, new Float32Array(memory, at.floats + 4 * first * width));
      for (const [i, row] of indices.entries()) values[first + i] = (diagonal[row] as number) / unit;
    }
    areDoublesLaid = false;
  };
  const exactColumn = (row: number, segment: number, to: number): void => {
    const { first, padded } = segments[segment] as Segment;
    const [vector, blocks] = [vectorIn(at.blocks, 8, row), at.blocks + 8 * first * width];
    layDoubles();
    kernels.column(vector, blocks, padded / BLOCK, width, kernelAt[8], at.scratch, 1 / unit, to);
  };
  const floatColumn = (row: number, segment: number, to: number): void => {
    const { first, padded } = segments[segment] as Segment;
    const [vector, blocks] = [vectorIn(at.floats, 4, row), at.floats + 4 * first * width];
    kernels.floatColumn(vector, blocks, padded / BLOCK, width, kernelAt[4], at.scratch, to);
  };
  /** Bytes of the cache that have been written. */
  let taken = AT_ONCE;
  const keeper = (size: ValueBytes): ((key: number) => number) => {
    const [fill, parts] = [size === 4 ? floatColumn : exactColumn, segments.length];
    const slot = size * Math.max(BLOCK, ...segments.map(({ padded }) => padded));
    const slotOf = leastRecent(count * parts, roomIn(room, taken, slot, width), (key, free) => {
      taken = Math.max(taken, slot * (free + 1));
      fill(Math.floor(key / parts), key % parts, at.kept + slot * free);
    });
    return (key) => at.kept + slot * slotOf(key);
  };
  lay();
  let kept = { size: 4 as ValueBytes, addressOf: keeper(4) };
  return {
    kernels,
    get segments() {
      return segments;
    },
    rows: count,
    unit,
    rounding: floats.rounding,
    hold(indices) {
      segments = segmentsOf(indices);
      lay();
      kept = { size: kept.size, addressOf: keeper(kept.size) };
    },
    keepIn(size) {
      if (kept.size !== size) kept = { size, addressOf: keeper(size) };
    },
    between: (row, segment) => kept.addressOf(row * segments.length + segment),
    exactly(row, segment) {
      exactColumn(row, segment, at.exact);
      return new Float64Array(memory, at.exact, segments[segment]?.count);
    },
    add(row, segment, weight, sums) {
      const { first, padded } = segments[segment] as Segment;
      const [vector, blocks] = [vectorIn(at.blocks, 8, row), at.blocks + 8 * first * width];
      layDoubles();
      kernels.addColumn(vector, blocks, padded / BLOCK, width, kernelAt[8], at.scratch, weight, sums);
    },
    at,
  };
}

function roomIn(bytes: number, taken: number, slot: number, width: number): Room {
  const compute = Math.max(TIMES.atLeast, TIMES.perColumn * width);
  const slots = Math.floor(bytes / slot);
  return { slots, atOnce: Math.max(FEWEST, Math.floor(taken / slot)), perRefill: compute / TIMES.take };
}

function segmentsOf(parts: readonly Int32Array[]): readonly Segment[] {
  let end = 0;
  return parts.map((indices) => {
    const [first, count] = [end, indices.length];
    const padded = inBlocks(count);
    end += padded;
    return { first, count, padded, indices };
  });
}

/** Rows in blocks of 16, column by column, as `layBlocks` has them; what is left of the last block is zero. */
function layFloats(
  { width, values }: Rows,
  indices: Int32Array,
  { shift, scale }: FloatRows,
  into: Float32Array,
): void {
  for (let i = 0; i < inBlocks(indices.length); i++) {
    const start = (i - (i % BLOCK)) * width + (i % BLOCK);
    const from = (indices[i] ?? 0) * width;
    for (let k = 0; k < width; k++) {
      const value = i < indices.length ? scale * ((values[from + k] as number) - (shift[k] as number)) : 0;
      into[start + k * BLOCK] = value;
    }
  }
}

function numbersOf(kernel: TrainingKernel): readonly number[] {
  switch (kernel.type) {
    case 'linear':
      return [0];
    case 'rbf':
      return [1, kernel.gamma];
    case 'poly':
      return [2, kernel.gamma, kernel.coef0, kernel.degree];
  }
}
