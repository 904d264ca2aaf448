import type { Labels } from '../../../labels.ts';
import type { Graph, Value } from './graph.ts';

/** The tensors that a model answers, by the names of its outputs. */
export type Answers = Readonly<Record<string, Value>>;

/** The labels at these positions, `[rows]`. */
export const labelsAt = (graph: Graph, labels: Labels, positions: Value): Value =>
  graph.op('Gather', [
    labels.datatype === 'INT64' ? graph.integers(labels.values) : graph.texts(labels.values),
    positions,
  ]);

/** 1 where a value `[rows]` is positive, otherwise 0: a position. */
export const isPositive = (graph: Graph, values: Value, integer: number): Value =>
  graph.op('Cast', [graph.op('Greater', [values, graph.reals([0])])], { to: integer });

/** The position of the largest of each row `[rows, K]`, the first of equals. */
export const largest = (graph: Graph, values: Value): Value =>
  graph.op('ArgMax', [values], { axis: 1, keepdims: 0, select_last_index: 0 });

/** Two columns `[rows, 2]` of values `[rows]`. */
export const pairUp = (graph: Graph, first: Value, second: Value): Value =>
  graph.op(
    'Concat',
    [first, second].map((value) => graph.op('Unsqueeze', [value, graph.integers([1])])),
    { axis: 1 },
  );
