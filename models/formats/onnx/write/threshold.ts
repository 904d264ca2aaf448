import type { NativeModel } from '../../../native.ts';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import { type Answers, labelsAt } from './answers.ts';
import type { Graph } from './graph.ts';

/** Answers that follow the model's threshold, where it has one: the positive label from that probability on. */
export function byThreshold(graph: Graph, answers: Answers, { labels, positive, threshold }: NativeModel): Answers {
  const { predict_proba: probabilities } = answers;
  if (labels === undefined || threshold === undefined || probabilities === undefined) return answers;
  const position = (labels.values as readonly unknown[]).indexOf(positive);
  const own = graph.op('Gather', [probabilities, graph.integers([position], [])], { axis: 1 });
  const isBelow = graph.op('Less', [own, graph.reals([threshold], [])]);
  const decision = position === 0 ? isBelow : graph.op('Not', [isBelow]);
  const positions = graph.op('Cast', [decision], { to: DataType.INT64 });
  return { ...answers, predict: labelsAt(graph, labels, positions) };
}
