/**
 * Loops over numbers in one block of memory. Places are byte addresses, multiples of 8; sizes count doubles. Both
 * implementations, WebAssembly and plain TypeScript, answer the same bits.
 *
 * "Vectors in blocks" lie 16 by 16, column by column: value k of vector 16 b + i is double (b * width + k) * 16 + i.
 */
export interface KernelLoops {
  /** out[i] = row . vector i, for `blocks` blocks of 16 vectors. */
  products(vectors: number, blocks: number, width: number, row: number, out: number): void;
  /** out[i] = |row - vector i|^2, by direct differences: |x|^2 - 2 x s + |s|^2 would cancel. */
  distances(vectors: number, blocks: number, width: number, row: number, out: number): void;
  /** values[i] = exp(rate values[i]), of an even number of arguments <= 0; less than 1 ulp off, and 0 below 2^-1022. */
  exponentials(values: number, count: number, rate: number): void;
  /** values[i] = (gamma values[i] + coef0)^degree, of an even number of values. */
  powers(values: number, count: number, gamma: number, coef0: number, degree: number): void;
  /** out[line] = sum over i of weights[i * lines + line] values[i], for an even number of lines. */
  weightedSums(values: number, count: number, weights: number, lines: number, out: number): void;
  /** into[column * stride + row] = from[row * columns + column]. */
  transpose(from: number, rows: number, columns: number, into: number, stride: number): void;
  /** The inner product of two vectors of a multiple of 8 values. */
  dot(left: number, right: number, count: number): number;
  /**
   * out[i] = scale * k(vector, vector i), for `blocks` blocks of 16 vectors.
   * `vector` is where the first value of one lies in its block. `kernel` is four doubles: 0 linear, 1 rbf or 2 poly; gamma;
   * coef0; degree. `scratch` has room for a row of even width and 1,024 doubles.
   */
  column(
    vector: number,
    vectors: number,
    blocks: number,
    width: number,
    kernel: number,
    scratch: number,
    scale: number,
    out: number,
  ): void;
  /**
   * out[i] = k(vector, vector i), all in float32: the blocks, the arithmetic (its exponential less than 2 ulp off, and 0 below
   * 2^-126), the values. `kernel` is as for `column`, `scratch` has room for a row.
   */
  floatColumn(
    vector: number,
    vectors: number,
    blocks: number,
    width: number,
    kernel: number,
    scratch: number,
    out: number,
  ): void;
  /** sums[i] += weight * k(vector, vector i); otherwise as `column`. */
  addColumn(
    vector: number,
    vectors: number,
    blocks: number,
    width: number,
    kernel: number,
    scratch: number,
    weight: number,
    sums: number,
  ): void;
  /**
   * slopes[t] += step * (left[t] - right[t]), of columns of values of `size` bytes; then to `result` the lowest slopes[t] + barrier[t] and
   * the first place where it is, which is `count` where all are infinite. `count` is a multiple of 16.
   */
  descend(
    slopes: number,
    left: number,
    right: number,
    step: number,
    barrier: number,
    count: number,
    result: number,
    size: ValueBytes,
  ): void;
  /**
   * To `result` the greatest gain v^2 / c over v = slopes[t] + barrier[t] - lowest > 0 and c = own + diagonal[t] - 2 left[t]
   * (1e-12 at least), the first place where it is, which is `count` where nothing is to be gained, and the highest
   * slopes[t] + barrier[t]. Values of `left` have `size` bytes, `count` is a multiple of 16.
   */
  partner(
    slopes: number,
    barrier: number,
    lowest: number,
    diagonal: number,
    left: number,
    own: number,
    count: number,
    result: number,
    size: ValueBytes,
  ): void;
  /** into[r][k] = scales[r] (from[r][k] - shift[k]); rows of `into` have `stride` >= `width` doubles, and end in zeros. */
  pack(from: number, rows: number, width: number, shift: number, scales: number, into: number, stride: number): void;
  /**
   * into[i][j] += sum over r of left[r][i] right[r][j]. Strides are multiples of 4. With `upper` 1, only the tiles of 4 by 4
   * on and above the diagonal.
   */
  addCrossProducts(
    left: number,
    leftStride: number,
    right: number,
    rightStride: number,
    rows: number,
    into: number,
    upper: 0 | 1,
  ): void;
  /**
   * out[line * count + r] = row r . vector line, for `lines` vectors. `count` is a multiple of 4, and so is `stride`, the
   * doubles of a row and of a vector.
   */
  rowProducts(rows: number, count: number, stride: number, vectors: number, lines: number, out: number): void;
  /** into[line * stride + column] += sum over r of weights[line * count + r] row r[column]; otherwise as `rowProducts`. */
  addRowSums(rows: number, count: number, stride: number, weights: number, lines: number, into: number): void;
  /**
   * The sum of weight * cross entropy over rows of two classes, by the log-odds of class 1; `classes` are the doubles 0 and 1.
   * Leaves the probabilities of class 1, and weight * (probability - class). `count` is even.
   */
  binaryLosses(
    logits: number,
    count: number,
    classes: number,
    weights: number,
    probabilities: number,
    residuals: number,
  ): number;
  /** The same by softmax: logits, probabilities and residuals are `[lines][count]`, `classes` are positions of lines. */
  softmaxLosses(
    logits: number,
    count: number,
    lines: number,
    classes: number,
    weights: number,
    probabilities: number,
    residuals: number,
  ): number;
  /**
   * Leaves L of A = L L' in the lower triangle of A[row * n + column], n a multiple of 4. 0 where A is not positive definite:
   * then A is spoiled.
   */
  factorize(A: number, n: number): number;
}

/** float32 or double. */
export type ValueBytes = 4 | 8;

/** The loops over a memory of their own, which goes when they go. */
export interface Kernels extends KernelLoops {
  readonly memory: ArrayBuffer;
}

/** Vectors a block. */
export const BLOCK = 16;
