import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import type { Graph, Value } from './graph.ts';

/** Something that no row may have. */
export interface Guard {
  /** Truths of any shape: where one holds, a row is refused. */
  readonly bad: Value;
  /** What the error of ONNX Runtime will name. */
  readonly rule: string;
}

/**
 * The same numbers, but the whole run fails where a guard finds something. ONNX has no operator that refuses: this looks up
 * the only entry of a list at the number of bad places, which is out of bounds unless there are none.
 */
export function guarded(graph: Graph, value: Value, guards: readonly Guard[]): Value {
  if (guards.length === 0) return value;
  const ones = guards.map(({ bad, rule }) => {
    const count = graph.op('ReduceSum', [graph.op('Cast', [bad], { to: DataType.INT64 })], { keepdims: 0 });
    return graph.op('Gather', [graph.reals([1]), count], {}, rule);
  });
  return graph.op('Mul', [value, ones.reduce((product, one) => graph.op('Mul', [product, one]))]);
}

/** Values so large that they come to infinity less infinity have no answer, and no label may be read out of one. */
export const decided = (graph: Graph, value: Value, witness = value): Value =>
  guarded(graph, value, [{ bad: graph.op('IsNaN', [witness]), rule: 'values must be small enough to be scored' }]);
