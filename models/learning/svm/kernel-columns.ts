import type { Rows } from '../../rows.ts';

/** A kernel with its numbers resolved. `poly` is (gamma x z + coef0)^degree, `rbf` exp(-gamma |x - z|^2). */
export type TrainingKernel =
  | { readonly type: 'linear' }
  | { readonly type: 'rbf'; readonly gamma: number }
  | { readonly type: 'poly'; readonly gamma: number; readonly coef0: number; readonly degree: number };

/** The kernel matrix of training rows, a column at a time. */
export interface KernelColumns {
  /** k(row, row) of every row. */
  readonly diagonal: Float64Array;
  /** k(row, every row). Good until so many others were asked for that the memory bound lets it go. */
  column(row: number): Float64Array;
}

/** Columns that were asked for last are kept, in `cacheBytes` at most, but always two. */
export function kernelColumns(rows: Rows, kernel: TrainingKernel, cacheBytes: number): KernelColumns {
  const { count } = rows;
  const fill = filler(rows, kernel);
  const capacity = Math.max(2, Math.min(count, Math.floor(cacheBytes / (8 * count))));
  const cached = new Map<number, Float64Array>();
  return {
    diagonal: diagonalOf(rows, kernel),
    column(row) {
      const known = cached.get(row);
      if (known !== undefined) {
        // A Map keeps its keys in order of insertion: the first is the one that was not asked for the longest.
        cached.delete(row);
        cached.set(row, known);
        return known;
      }
      const column = cached.size < capacity ? new Float64Array(count) : leastRecent(cached);
      fill(row, column);
      cached.set(row, column);
      return column;
    },
  };
}

function leastRecent(cached: Map<number, Float64Array>): Float64Array {
  const [row, column] = cached.entries().next().value as [number, Float64Array];
  cached.delete(row);
  return column;
}

type Fill = (row: number, into: Float64Array) => void;

function filler(rows: Rows, kernel: TrainingKernel): Fill {
  const products = (row: number, into: Float64Array): void => innerProducts(rows, row, into);
  if (kernel.type === 'linear') return products;
  if (kernel.type === 'poly') {
    const { gamma, coef0, degree } = kernel;
    return (row, into) => {
      products(row, into);
      for (let i = 0; i < into.length; i++) into[i] = (gamma * (into[i] as number) + coef0) ** degree;
    };
  }
  const { gamma } = kernel;
  const squares = squaredNorms(rows);
  return (row, into) => {
    products(row, into);
    const own = squares[row] as number;
    // Rounding may make the distance of equal rows a little less than nothing.
    for (let i = 0; i < into.length; i++) {
      into[i] = Math.exp(-gamma * Math.max(0, own + (squares[i] as number) - 2 * (into[i] as number)));
    }
  };
}

/** Four rows at a time: each value of `row` is read once for four products. */
function innerProducts({ count, width, values }: Rows, row: number, into: Float64Array): void {
  const own = row * width;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const [p, q, r, s] = [i * width, (i + 1) * width, (i + 2) * width, (i + 3) * width];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = 0; k < width; k++) {
      const value = values[own + k] as number;
      a += value * (values[p + k] as number);
      b += value * (values[q + k] as number);
      c += value * (values[r + k] as number);
      d += value * (values[s + k] as number);
    }
    into[i] = a;
    into[i + 1] = b;
    into[i + 2] = c;
    into[i + 3] = d;
  }
  for (; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (values[own + k] as number) * (values[i * width + k] as number);
    into[i] = sum;
  }
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

function diagonalOf(rows: Rows, kernel: TrainingKernel): Float64Array {
  if (kernel.type === 'rbf') return new Float64Array(rows.count).fill(1);
  const squares = squaredNorms(rows);
  return kernel.type === 'linear'
    ? squares
    : squares.map((square) => (kernel.gamma * square + kernel.coef0) ** kernel.degree);
}
