import type { Affine } from '../../../kinds/affine.ts';
import type { Labels } from '../../../labels.ts';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import { affineValues, flat } from './affine.ts';
import { type Answers, isPositive, labelsAt, largest, pairUp } from './answers.ts';
import type { Graph, Value } from './graph.ts';
import { decided } from './guard.ts';
import { sigmoid } from './sigmoid.ts';

export const logisticAnswers = (graph: Graph, functions: Affine, labels: Labels, rows: Value): Answers =>
  labels.values.length === 2
    ? binary(graph, flat(graph, affineValues(graph, functions, rows)), labels)
    : multinomial(graph, affineValues(graph, functions, rows), labels);

const binary = (graph: Graph, logOdds: Value, labels: Labels): Answers => ({
  predict: labelsAt(graph, labels, isPositive(graph, logOdds, DataType.INT64)),
  predict_proba: bothSigmoids(graph, graph.op('Neg', [logOdds]), logOdds),
  decision_function: logOdds,
});

export const bothSigmoids = (graph: Graph, first: Value, second: Value): Value =>
  pairUp(graph, sigmoid(graph, first), sigmoid(graph, second));

function multinomial(graph: Graph, logits: Value, labels: Labels): Answers {
  const centred = graph.op('Sub', [logits, graph.op('ReduceMean', [logits, graph.integers([1])], { keepdims: 1 })]);
  const finite = decided(graph, logits, centred);
  return {
    predict: labelsAt(graph, labels, largest(graph, finite)),
    predict_proba: graph.op('Softmax', [finite], { axis: 1 }),
    decision_function: centred,
  };
}
