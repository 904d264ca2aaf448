import { blockCount, layBlocks } from '../../kernels/blocks.ts';
import { BLOCK, type Kernels, type ValueBytes } from '../../kernels/kernels.ts';
import { openKernels } from '../../kernels/open.ts';
import { regions } from '../../kernels/regions.ts';
import type { Rows } from '../../rows.ts';
import { selectRows } from '../split.ts';
import { leastRecent } from './least-recent.ts';
import type { TrainingKernel } from './training-kernel.ts';

/**
 * The kernel matrix of training rows, in the kernels' memory, computed as it is asked for. Rows lie in segments, as classes
 * do, so that what one pair of classes has asked for serves the next.
 */
export interface KernelMatrix {
  readonly kernels: Kernels;
  readonly segments: readonly Segment[];
  /** In whole blocks. */
  readonly rows: number;
  /** A power of two, so that it rounds nothing: no value in units of it is far above 1. */
  readonly unit: number;
  /** Lets go of what is kept in another precision. */
  keepIn(size: ValueBytes): void;
  /** The kernel, in `unit`, of a row with every row of a segment: an address, good until others need the room. */
  between(row: number, segment: number): number;
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

export const inBlocks = (count: number): number => BLOCK * blockCount({ count });

/** What was asked for last is kept, in `cacheBytes` at most, but always what one step needs. */
export function kernelMatrix(rows: Rows, kernel: TrainingKernel, options: MatrixOptions): KernelMatrix {
  const { width } = rows;
  const parts = options.segments.map((indices) => selectRows(rows, indices));
  const segments = segmentsOf(parts);
  const count = segments.reduce((sum, { padded }) => sum + padded, 0);
  const longest = Math.max(...segments.map(({ padded }) => padded));
  const affordable = Math.min(options.cacheBytes, LARGEST_CACHE);
  const room = Math.max(FEWEST * 8 * longest, Math.min(4 * longest * rows.count * segments.length, affordable));
  const { at, bytes } = regions({
    blocks: 8 * count * width,
    scratch: 8 * Math.max(BLOCK * width, width + 1 + CHUNK),
    kernel: 8 * 4,
    result: 8 * 3,
    diagonal: 8 * count,
    slopes: 8 * options.variables,
    up: 8 * options.variables,
    down: 8 * options.variables,
    kept: room,
  });
  const kernels = (options.open ?? openKernels)(bytes);
  const blocksAt = (row: number): number => at.blocks + 8 * row * width;
  const vectorAt = (row: number): number => blocksAt(row - (row % BLOCK)) + 8 * (row % BLOCK);
  for (const [k, { first }] of segments.entries()) {
    layBlocks(parts[k] as Rows, kernels, { blocks: blocksAt(first), scratch: at.scratch });
  }
  new Float64Array(kernels.memory, at.kernel).set(numbersOf(kernel));
  const diagonals = parts.map((part) => diagonalOf(part, kernel));
  const unit = unitOf(diagonals);
  for (const [k, { first }] of segments.entries()) {
    const values = diagonals[k] as Float64Array;
    new Float64Array(kernels.memory, at.diagonal + 8 * first).set(values.map((value) => value / unit));
  }
  const keeper = (size: ValueBytes): ((key: number) => number) => {
    const slot = size * longest;
    const slotOf = leastRecent(count * segments.length, Math.floor(room / slot), (key, free) => {
      const { first, padded } = segments[key % segments.length] as Segment;
      const vector = vectorAt(Math.floor(key / segments.length));
      const [blocks, to] = [padded / BLOCK, at.kept + slot * free];
      kernels.column(vector, blocksAt(first), blocks, width, at.kernel, at.scratch, 1 / unit, to, size);
    });
    return (key) => at.kept + slot * slotOf(key);
  };
  let kept = { size: 4 as ValueBytes, addressOf: keeper(4) };
  return {
    kernels,
    segments,
    rows: count,
    unit,
    keepIn(size) {
      if (kept.size !== size) kept = { size, addressOf: keeper(size) };
    },
    between: (row, segment) => kept.addressOf(row * segments.length + segment),
    add(row, segment, weight, sums) {
      const { first, padded } = segments[segment] as Segment;
      kernels.addColumn(vectorAt(row), blocksAt(first), padded / BLOCK, width, at.kernel, at.scratch, weight, sums);
    },
    at,
  };
}

function segmentsOf(parts: readonly Rows[]): readonly Segment[] {
  let end = 0;
  return parts.map(({ count }) => {
    const [first, padded] = [end, inBlocks(count)];
    end += padded;
    return { first, count, padded };
  });
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

function unitOf(diagonals: readonly Float64Array[]): number {
  const greatest = Math.max(...diagonals.map((values) => values.reduce((most, value) => Math.max(most, value), 0)));
  return greatest > 0 && Number.isFinite(greatest) ? 2 ** Math.ceil(Math.log2(greatest)) : 1;
}

function diagonalOf(rows: Rows, kernel: TrainingKernel): Float64Array {
  if (kernel.type === 'rbf') return new Float64Array(rows.count).fill(1);
  const squares = squaredNorms(rows);
  return kernel.type === 'linear'
    ? squares
    : squares.map((square) => (kernel.gamma * square + kernel.coef0) ** kernel.degree);
}

function squaredNorms({ count, width, values }: Rows): Float64Array {
  const squares = new Float64Array(count);
  for (let at = 0, row = 0; row < count; row++) {
    let sum = 0;
    for (let k = 0; k < width; k++, at++) sum += (values[at] as number) ** 2;
    squares[row] = sum;
  }
  return squares;
}
