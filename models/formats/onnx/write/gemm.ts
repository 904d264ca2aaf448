import type { Graph, Value } from './graph.ts';

/** A matrix, row-major: `values[row * width + column]`. */
export interface Matrix {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/**
 * The products of each row `[rows, width]` with each row of the matrix, plus an offset: `[rows, height]`. Not by MatMul: ONNX
 * Runtime pulls a constant factor beside one into it, in single precision.
 */
export function gemm(graph: Graph, rows: Value, { values, height, width }: Matrix, offset?: ArrayLike<number>): Value {
  const inputs = [rows, graph.reals(values, [height, width]), ...(offset ? [graph.reals(offset)] : [])];
  return graph.op('Gemm', inputs, { transB: 1 });
}
