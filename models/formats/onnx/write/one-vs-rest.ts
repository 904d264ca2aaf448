import type { Affine } from '../../../kinds/affine.ts';
import type { Labels } from '../../../labels.ts';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import { affineValues, flat } from './affine.ts';
import { type Answers, isPositive, labelsAt, largest } from './answers.ts';
import type { Graph, Value } from './graph.ts';
import { decided } from './guard.ts';
import { bothSigmoids } from './logistic.ts';
import { sigmoid } from './sigmoid.ts';

/** One function a class; of two classes one, positive for the first. */
export function oneVsRestAnswers(
  graph: Graph,
  functions: Affine,
  { labels, probable }: { readonly labels: Labels; readonly probable: boolean },
  rows: Value,
): Answers {
  const values = affineValues(graph, functions, rows);
  if (labels.values.length > 2) {
    const shares = normalised(graph, sigmoid(graph, values));
    const scored = probable ? decided(graph, values, shares) : values;
    return {
      predict: labelsAt(graph, labels, largest(graph, scored)),
      ...(probable && { predict_proba: shares }),
      decision_function: scored,
    };
  }
  const decision = flat(graph, values);
  const isFirst = isPositive(graph, decision, DataType.INT64);
  return {
    predict: labelsAt(graph, labels, graph.op('Sub', [graph.integers([1]), isFirst])),
    ...(probable && { predict_proba: bothSigmoids(graph, decision, graph.op('Neg', [decision])) }),
    decision_function: decision,
  };
}

const normalised = (graph: Graph, values: Value): Value =>
  graph.op('Div', [values, graph.op('ReduceSum', [values, graph.integers([1])], { keepdims: 1 })]);
