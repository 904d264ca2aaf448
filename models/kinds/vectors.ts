import type { Rows, SparseRows } from '../rows.ts';

/** Support vectors, one a row, in the smaller of both forms. */
export type Vectors = Rows | SparseRows;

const DENSE_BYTES = 8;
const SPARSE_BYTES = 12;

/** The same vectors in the form that takes less memory. A text model of 50,000 features fits only as sparse rows. */
export const smaller = (vectors: Vectors): Vectors => ('offsets' in vectors ? densest(vectors) : sparsest(vectors));

const isSmallerDense = ({ count, width }: Vectors, filled: number): boolean =>
  DENSE_BYTES * count * width <= SPARSE_BYTES * filled;

function densest(vectors: SparseRows): Vectors {
  const { count, width, offsets, columns, values } = vectors;
  if (!isSmallerDense(vectors, values.length)) return vectors;
  const dense = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) {
      dense[row * width + (columns[i] as number)] = values[i] as number;
    }
  }
  return { count, width, values: dense };
}

function sparsest(vectors: Rows): Vectors {
  const filled = vectors.values.reduce((total, value) => (value === 0 ? total : total + 1), 0);
  return isSmallerDense(vectors, filled) ? vectors : sparseRows(vectors, filled);
}

function sparseRows({ count, width, values }: Rows, filled: number): SparseRows {
  const sparse = {
    count,
    width,
    offsets: new Int32Array(count + 1),
    columns: new Int32Array(filled),
    values: new Float64Array(filled),
  };
  let next = 0;
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== 0) {
      sparse.columns[next] = at % width;
      sparse.values[next++] = values[at] as number;
    }
    if ((at + 1) % width === 0) sparse.offsets[(at + 1) / width] = next;
  }
  return sparse;
}
