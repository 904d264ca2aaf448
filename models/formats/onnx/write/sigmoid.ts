import type { Graph, Value } from './graph.ts';

/** 1 / (1 + e^-z), with full relative precision at both ends: ONNX Runtime's own Sigmoid takes small ones from 1. */
export function sigmoid(graph: Graph, z: Value): Value {
  const e = graph.op('Exp', [graph.op('Neg', [graph.op('Abs', [z])])]);
  const [one, zero] = [graph.reals([1]), graph.reals([0])];
  const above = graph.op('Where', [graph.op('GreaterOrEqual', [z, zero]), one, e]);
  return graph.op('Div', [above, graph.op('Add', [one, e])]);
}
