import { floatsOf, intOf, intsOf, textOf } from '../attributes.ts';
import { broadcast } from './shape.ts';
import type { ShapeRule } from './surroundings.ts';

export const gemm: ShapeRule = (node, { shape }) => {
  const [a, b] = [shape(0), shape(1)];
  if (a === undefined || b === undefined) return [];
  const rows = a[intOf(node, 'transA', 0) === 1 ? 1 : 0] ?? -1;
  const columns = b[intOf(node, 'transB', 0) === 1 ? 0 : 1] ?? -1;
  return [[rows, columns]];
};

export const matMul: ShapeRule = (_, { shape }) => {
  const [a, b] = [shape(0), shape(1)];
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return [];
  const batch = broadcast(a.slice(0, -2), b.slice(0, -2));
  if (batch === undefined) return [];
  const rows = a.length > 1 ? [a.at(-2) as number] : [];
  const columns = b.length > 1 ? [b.at(-1) as number] : [];
  return [[...batch, ...rows, ...columns]];
};

/** RNN, LSTM and GRU: every step's state, the last state, and for LSTM the last cell. */
export const recurrent: ShapeRule = (node, { shape }) => {
  const [input, recurrence] = [shape(0), shape(2)];
  if (input === undefined || recurrence === undefined) return [];
  const [steps = -1, batch = -1] = intOf(node, 'layout', 0) === 1 ? [input[1], input[0]] : input;
  const directions = textOf(node, 'direction') === 'bidirectional' ? 2 : 1;
  const hidden = recurrence[2] ?? -1;
  const last = [directions, batch, hidden];
  return [[steps, directions, batch, hidden], last, last];
};

/** The classifiers of `ai.onnx.ml`: a label a row, and a score a class. */
export const classifier: ShapeRule = (node, { shape }) => {
  const rows = shape(0)?.[0] ?? -1;
  const labels = ['classlabels_ints', 'classlabels_int64s'].map((name) => intsOf(node, name)?.length ?? 0);
  const texts = node.attribute.find(({ name }) => name === 'classlabels_strings')?.strings.length ?? 0;
  return [[rows], [rows, Math.max(texts, ...labels) || -1]];
};

export const regressor: ShapeRule = (node, { shape }) => [
  [shape(0)?.[0] ?? -1, intOf(node, node.opType === 'LinearRegressor' ? 'targets' : 'n_targets', 1)],
];

/** Learned numbers of `ai.onnx.ml`'s linear models and machines that each row is multiplied by. */
export const learnedProducts = (coefficients: readonly string[]): ((node: Parameters<ShapeRule>[0]) => number) => {
  return (node) => coefficients.reduce((sum, name) => sum + floatsOf(node, name).length, 0);
};
