import type { Affine } from '../../../kinds/affine.ts';
import { gemm } from './gemm.ts';
import type { Graph, Value } from './graph.ts';
import { decided } from './guard.ts';

/** Every function of every row: `[rows, K]`. */
export function affineValues(graph: Graph, { width, weights, intercept }: Affine, rows: Value): Value {
  const matrix = { values: weights, height: intercept.length, width };
  return decided(graph, gemm(graph, rows, matrix, intercept));
}

/** `[rows]` of `[rows, 1]`. */
export const flat = (graph: Graph, column: Value): Value => graph.op('Squeeze', [column, graph.integers([1])]);
