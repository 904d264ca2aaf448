import { solveFactorized } from '../cholesky.ts';
import { type Design, PANEL, seen } from './design.ts';

/** What turns slopes of an objective into a step against them. */
export interface Curvature {
  /** -H^-1 slopes, `[vectors][stride]`, exactly or nearly so. */
  step(slopes: Float64Array): Float64Array;
}

/**
 * Unknowns of the dense system: many classes share one vector less, because at the optimum the vectors of all sum to zero
 * (without a penalty, at one of the optima), and so do the steps towards it.
 */
export const unknownsOf = (width: number, classCount: number): number => (classCount - 1) * (width + 1);

/** Where the objective has no penalty, its curvature grows by this share, so that equal columns can be told from none. */
const STEADY = 1e-10;

/**
 * The Hessian at the probabilities of the design, by Cholesky. Softmax has a term for each pair of classes, p_k p_l x x' on
 * the difference of their vectors.
 * @param ridge weight of |w|^2 / 2
 * @returns undefined where rounding leaves it not positive definite
 */
export function denseCurvature(design: Design, ridge: number): Curvature | undefined {
  const { kernels, at, width, stride, vectors } = design;
  const size = width + 1;
  const free = Math.max(1, vectors - 1);
  const unknowns = free * size;
  const n = Math.ceil(unknowns / 4) * 4;
  const system = seen(design, 'system', n * n).fill(0);
  if (vectors === 1) addPair(design, system, n, [1]);
  for (let k = 0; k < vectors; k++) {
    for (let l = k + 1; l < vectors; l++) {
      weighPair(design, k, l);
      addPair(design, system, n, difference(free, k, l));
    }
  }
  for (let i = 0; i < n; i++) {
    if (i >= unknowns) system[i * (n + 1)] = 1;
    else if (ridge === 0) system[i * (n + 1)] = (system[i * (n + 1)] as number) * (1 + STEADY);
    else if (i % size < width) {
      for (let j = i % size; j <= i; j += size) {
        system[i * n + j] = (system[i * n + j] as number) + (i === j && vectors > 1 ? 2 * ridge : ridge);
      }
    }
  }
  if (kernels.factorize(at.system, n) === 0) return undefined;
  return {
    step(slopes) {
      const solution = new Float64Array(n);
      for (let i = 0; i < unknowns; i++) {
        const column = i % size;
        const place = Math.floor(i / size) * stride + column;
        solution[i] = -(slopes[place] as number) + (vectors > 1 ? (slopes[free * stride + column] as number) : 0);
      }
      solveFactorized(system, solution);
      const step = new Float64Array(vectors * stride);
      for (let i = 0; i < unknowns; i++) {
        const column = i % size;
        step[Math.floor(i / size) * stride + column] = solution[i] as number;
        if (vectors > 1)
          step[free * stride + column] = (step[free * stride + column] as number) - (solution[i] as number);
      }
      return step;
    },
  };
}

/** How the difference of the vectors of classes k and l depends on the free ones: the last is minus their sum. */
const difference = (free: number, k: number, l: number): number[] =>
  Array.from({ length: free }, (_, f) => (l === free ? 1 : 0) + (f === k ? 1 : 0) - (f === l ? 1 : 0));

function weighPair(design: Design, k: number, l: number): void {
  const { count, vectors } = design;
  const [scales, counts] = [seen(design, 'scales', count), seen(design, 'counts', count)];
  const p = seen(design, 'probabilities', vectors * count);
  const [one, other] = [p.subarray(k * count, (k + 1) * count), p.subarray(l * count, (l + 1) * count)];
  for (let row = 0; row < count; row++) {
    scales[row] = (counts[row] as number) * (one[row] as number) * (other[row] as number);
  }
}

/** Adds the Gram matrix of rows, times what a pair of blocks takes of it, to the lower triangle of the system. */
function addPair(design: Design, system: Float64Array, n: number, takes: readonly number[]): void {
  const { width, stride, vectors } = design;
  if (vectors === 1) weighRows(design);
  const square = weightedGram(design);
  const size = width + 1;
  for (const [a, own] of takes.entries()) {
    for (let b = 0; b <= a; b++) {
      const factor = own * (takes[b] as number);
      if (factor === 0) continue;
      for (let i = 0; i < size; i++) {
        const line = (a * size + i) * n + b * size;
        const last = a === b ? i : size - 1;
        for (let j = 0; j <= last; j++) {
          const entry = (j < i ? square[j * stride + i] : square[i * stride + j]) as number;
          system[line + j] = (system[line + j] as number) + factor * entry;
        }
      }
    }
  }
}

/** count p (1 - p) of two classes. */
function weighRows(design: Design): void {
  const { count } = design;
  const [scales, counts] = [seen(design, 'scales', count), seen(design, 'counts', count)];
  const p = seen(design, 'probabilities', count);
  for (let row = 0; row < count; row++) {
    scales[row] = (counts[row] as number) * (p[row] as number) * (1 - (p[row] as number));
  }
}

/** sum of scales x x', `[stride][stride]`, the upper triangle. */
function weightedGram(design: Design): Float64Array {
  const { kernels, at, count, stride } = design;
  const square = seen(design, 'square', stride * stride).fill(0);
  for (let start = 0; start < count; start += PANEL) {
    const held = Math.min(PANEL, count - start);
    const rows = at.rows + 8 * start * stride;
    kernels.pack(rows, held, stride, at.none, at.scales + 8 * start, at.panel, stride);
    kernels.addCrossProducts(at.panel, stride, rows, stride, held, at.square, 1);
  }
  return square;
}
