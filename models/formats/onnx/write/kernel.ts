import type { Kernel } from '../../../kinds/kernel.ts';
import type { Vectors } from '../../../kinds/vectors.ts';
import { type Rows, rowCursor } from '../../../rows.ts';
import { gemm } from './gemm.ts';
import type { Graph, Value } from './graph.ts';

/** The kernel of every row with every vector, `[rows, vectors]`. */
export function kernelValues(graph: Graph, kernel: Kernel, vectors: Rows, rows: Value): Value {
  switch (kernel.name) {
    case 'linear':
      return products(graph, vectors, rows);
    case 'polynomial':
      return graph.op('Pow', [moved(graph, kernel, vectors, rows), graph.reals([kernel.degree])]);
    case 'sigmoid':
      return graph.op('Tanh', [moved(graph, kernel, vectors, rows)]);
    case 'rbf':
      return graph.op('Exp', [graph.op('Mul', [distances(graph, vectors, rows), graph.reals([-kernel.gamma])])]);
  }
}

/** gamma x s + coef0. */
function moved(graph: Graph, { gamma, coef0 }: { gamma: number; coef0: number }, vectors: Rows, rows: Value): Value {
  const scaled = graph.op('Mul', [products(graph, vectors, rows), graph.reals([gamma])]);
  return graph.op('Add', [scaled, graph.reals([coef0])]);
}

const products = (graph: Graph, { count, width, values }: Rows, rows: Value): Value =>
  gemm(graph, rows, { values, height: count, width });

/**
 * Squared distances by direct differences, row after row: |x|^2 - 2 x s + |s|^2 would cancel, and all differences at once
 * would take rows times vectors times columns.
 */
function distances(graph: Graph, { count, width, values }: Rows, rows: Value): Value {
  const vectors = graph.reals(values, [count, width]);
  const body = graph.body([{ type: graph.real, shape: [width] }], (within, [row]) => {
    const differences = within.op('Sub', [vectors, row as Value]);
    const squares = within.op('Mul', [differences, differences]);
    return [within.op('ReduceSum', [squares, within.integers([1])], { keepdims: 0 })];
  });
  return graph.op('Scan', [rows], { body, num_scan_inputs: 1 });
}

/** Every number of the vectors, zeros too. */
export function densified(vectors: Vectors): Rows {
  if (!('offsets' in vectors)) return vectors;
  const { count, width } = vectors;
  const values = new Float64Array(count * width);
  const cursor = rowCursor(vectors);
  for (let row = 0; row < count; row++) values.set(cursor.values.subarray(cursor.at(row), width), row * width);
  return { count, width, values };
}
