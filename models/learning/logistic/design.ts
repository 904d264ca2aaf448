import type { Kernels } from '../../kernels/kernels.ts';
import { regions } from '../../kernels/regions.ts';
import { spareKernels } from '../../kernels/spare.ts';
import type { Rows } from '../../rows.ts';

/** The loss C sum s_i loss_i of logistic regression: which rows, and how much each counts. */
export interface LogisticProblem {
  readonly rows: Rows;
  /** Position of each row's class. */
  readonly classes: Int32Array;
  /** Two share one vector, toward class 1; more have one each. */
  readonly classCount: number;
  readonly C: number;
  /** s, > 0, one a row; 1 where absent. */
  readonly weights: Float64Array | undefined;
}

/**
 * Rows with a 1 for the intercept in the memory of kernels, and room beside them for what is computed of each row. Parameters
 * are `[vectors][stride]`, the intercept at `width`, zeros after it; of each row there is `[vectors][count]`.
 */
export interface Design {
  readonly kernels: Kernels;
  readonly doubles: Float64Array<ArrayBuffer>;
  readonly at: Readonly<Record<Place, number>>;
  readonly held: number;
  /** Rows held, rounded up to a multiple of 4: those past the end are zeros that count 0. */
  readonly count: number;
  readonly width: number;
  readonly stride: number;
  readonly vectors: number;
  readonly parameters: number;
}

type Place =
  | 'rows'
  | 'classes'
  | 'counts'
  | 'logits'
  | 'probabilities'
  | 'residuals'
  | 'moves'
  | 'vectors'
  | 'panel'
  | 'scales'
  | 'none'
  | 'square'
  | 'system';

/** Rows a panel of a Gram matrix. */
export const PANEL = 64;

/** Rows of a part that lie side by side: memory is read in lines. */
const RUN = 16;

const up = (size: number): number => Math.ceil(size / 4) * 4;

/**
 * Only one is in use at a time: the next takes its memory.
 * @param unknowns of the largest system of equations that will be solved in this memory; 0 where none will be
 * @param every only so large a part of the rows, spread over all, each of which then counts for as many
 */
export function openDesign(problem: LogisticProblem, unknowns: number, every = 1): Design {
  const { rows, classes, classCount, C, weights } = problem;
  const { width, values } = rows;
  const held = every === 1 ? rows.count : RUN * Math.floor(rows.count / (RUN * every));
  const sourceOf = (row: number): number => row + RUN * (every - 1) * Math.floor(row / RUN);
  const [count, stride, vectors] = [up(held), up(width + 1), classCount === 2 ? 1 : classCount];
  const each = 8 * vectors * count;
  const { at, bytes } = regions<Place>({
    rows: 8 * count * stride,
    classes: 8 * count,
    counts: 8 * count,
    logits: each,
    probabilities: each,
    residuals: each,
    moves: each,
    vectors: 8 * vectors * stride,
    panel: 8 * PANEL * stride,
    scales: 8 * count,
    none: 8 * stride,
    square: unknowns > 0 ? 8 * stride * stride : 0,
    system: 8 * up(unknowns) ** 2,
  });
  const kernels = spareKernels(bytes);
  const doubles = new Float64Array(kernels.memory);
  for (let row = 0, to = at.rows / 8; row < held; row++, to += stride) {
    const from = sourceOf(row) * width;
    for (let k = 0; k < width; k++) doubles[to + k] = values[from + k] as number;
    doubles[to + width] = 1;
  }
  for (let row = 0; row < held; row++) {
    doubles[at.classes / 8 + row] = classes[sourceOf(row)] as number;
    doubles[at.counts / 8 + row] = every * C * (weights?.[sourceOf(row)] ?? 1);
  }
  return { kernels, doubles, at, held, count, width, stride, vectors, parameters: vectors * stride };
}

/** What is at a place, of this many doubles. It changes with what is computed there. */
export const seen = ({ doubles, at }: Design, place: Place, size: number): Float64Array<ArrayBuffer> =>
  doubles.subarray(at[place] / 8, at[place] / 8 + size);

/** Leaves X parameters, `[vectors][count]`, at a place. */
export function multiply(design: Design, parameters: Float64Array, into: 'logits' | 'moves'): void {
  const { kernels, doubles, at, count, stride, vectors } = design;
  doubles.set(parameters, at.vectors / 8);
  kernels.rowProducts(at.rows, count, stride, at.vectors, vectors, at[into]);
}

/** X' of what is at a place, `[vectors][stride]`; the rest of each line is not for use. */
export function sumRows(design: Design, from: 'residuals' | 'moves'): Float64Array {
  const { kernels, at, count, stride, vectors, parameters } = design;
  const sums = seen(design, 'vectors', parameters).fill(0);
  kernels.addRowSums(at.rows, count, stride, at[from], vectors, at.vectors);
  return sums.slice();
}

/** The loss at the logits. Leaves probabilities, and residuals: count times probability less truth. */
export function lossAtLogits({ kernels, at, count, vectors }: Design): number {
  const { logits, classes, counts, probabilities, residuals } = at;
  return vectors === 1
    ? kernels.binaryLosses(logits, count, classes, counts, probabilities, residuals)
    : kernels.softmaxLosses(logits, count, vectors, classes, counts, probabilities, residuals);
}

/** logits += length * moves. */
export function moveLogits(design: Design, length: number): void {
  const size = design.vectors * design.count;
  const [logits, moves] = [seen(design, 'logits', size), seen(design, 'moves', size)];
  for (let i = 0; i < size; i++) logits[i] = (logits[i] as number) + length * (moves[i] as number);
}
