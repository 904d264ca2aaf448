import { pairsOf } from '../../../kinds/pairs.ts';
import { CLIP, MOST_SWEEPS, type Platt, STOP } from '../../../kinds/platt.ts';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import type { Graph, Value } from './graph.ts';
import { sigmoid } from './sigmoid.ts';

/** Probabilities `[rows, K]` of pair decisions `[rows, K(K-1)/2]`: LIBSVM's own, with its early stop. */
export function plattProbabilities(
  graph: Graph,
  decisions: Value,
  classes: number,
  { a, b, coupled: areCoupled = false }: Platt,
): Value {
  const scaled = graph.op('Add', [graph.op('Mul', [decisions, graph.reals(a)]), graph.reals(b)]);
  const sigmoids = sigmoid(graph, graph.op('Neg', [scaled]));
  const first = graph.op('Clip', [sigmoids, graph.reals([CLIP], []), graph.reals([1 - CLIP], [])]);
  const second = graph.op('Sub', [graph.reals([1]), first]);
  const both = graph.op('Concat', [first, second], { axis: 1 });
  return classes === 2 && !areCoupled ? both : coupled(graph, both, classes);
}

/** The loop of `couple`, for all rows at once: one that has stopped keeps what it has. */
function coupled(graph: Graph, both: Value, size: number): Value {
  const Q = couplingMatrix(graph, both, size);
  const rows = graph.op('Shape', [both], { start: 0, end: 1 });
  const shape = graph.op('Concat', [rows, graph.integers([size])], { axis: 0 });
  const start = graph.op('Expand', [graph.reals([1 / size]), shape]);
  const going = graph.op('Expand', [
    graph.truths([true]),
    graph.op('Concat', [rows, graph.integers([1])], { axis: 0 }),
  ]);
  const body = graph.body(
    [
      { type: DataType.INT64, shape: [] },
      { type: DataType.BOOL, shape: [] },
      { type: graph.real, shape: [-1, size] },
      { type: DataType.BOOL, shape: [-1, 1] },
    ],
    (within, [, , p, before]) => {
      const { Qp, pQp } = multiply(within, Q, p as Value);
      const off = within.op('Abs', [within.op('Sub', [Qp, pQp])]);
      const furthest = within.op('ReduceMax', [off, within.integers([1])], { keepdims: 1 });
      const isOff = within.op('Not', [within.op('Less', [furthest, within.reals([STOP / size])])]);
      const goesOn = within.op('And', [before as Value, isOff]);
      const swept = within.op('Where', [goesOn, sweep(within, Q, { p: p as Value, Qp, pQp }, size), p as Value]);
      const count = within.op('ReduceSum', [within.op('Cast', [goesOn], { to: DataType.INT64 })], { keepdims: 0 });
      return [within.op('Greater', [count, within.integers([0], [])]), swept, goesOn];
    },
  );
  const sweeps = graph.integers([Math.max(MOST_SWEEPS, size)], []);
  return graph.ops('Loop', [sweeps, graph.truths([true], []), start, going], 2, { body })[0] as Value;
}

/** Q `[rows, K, K]`: -r_jt r_tj beside the diagonal, the sum over j of r_jt^2 on it. `both` holds all r_ij, then all r_ji. */
function couplingMatrix(graph: Graph, both: Value, size: number): Value {
  const pairs = pairsOf(size);
  const places = new Map(
    pairs.flatMap(([i, j], pair) => [
      [i * size + j, pair],
      [j * size + i, pairs.length + pair],
    ]),
  );
  const cells = Array.from({ length: size * size }, (_, at) => at);
  const isDiagonal = (at: number): boolean => at % (size + 1) === 0;
  // A diagonal cell looks up anything, and counts nothing.
  const lookUp = (placeOf: (at: number) => number): Value => {
    const found = graph.integers(cells.map((at) => (isDiagonal(at) ? 0 : placeOf(at))));
    const square = graph.op('Gather', [both, found], { axis: 1 });
    return graph.op('Reshape', [square, graph.integers([-1, size, size])]);
  };
  const beside = graph.reals(
    cells.map((at) => (isDiagonal(at) ? 0 : 1)),
    [size, size],
  );
  const r = lookUp((at) => places.get(at) as number);
  const back = graph.op('Mul', [
    lookUp((at) => places.get((at % size) * size + Math.floor(at / size)) as number),
    beside,
  ]);
  const squares = graph.op('ReduceSum', [graph.op('Mul', [back, back]), graph.integers([2])], { keepdims: 1 });
  const unit = graph.reals(
    cells.map((at) => (isDiagonal(at) ? 1 : 0)),
    [size, size],
  );
  return graph.op('Sub', [graph.op('Mul', [squares, unit]), graph.op('Mul', [back, r])]);
}

function multiply(graph: Graph, Q: Value, p: Value): { readonly Qp: Value; readonly pQp: Value } {
  const upright = graph.op('Unsqueeze', [p, graph.integers([2])]);
  const Qp = graph.op('Squeeze', [graph.op('MatMul', [Q, upright]), graph.integers([2])]);
  const pQp = graph.op('ReduceSum', [graph.op('Mul', [p, Qp]), graph.integers([1])], { keepdims: 1 });
  return { Qp, pQp };
}

interface Sweep {
  readonly p: Value;
  readonly Qp: Value;
  readonly pQp: Value;
}

/** `sweepOnce`: each class in turn. */
function sweep(graph: Graph, Q: Value, start: Sweep, size: number): Value {
  const one = graph.reals([1]);
  let { p, Qp, pQp } = start;
  for (let t = 0; t < size; t++) {
    const row = graph.op('Gather', [Q, graph.integers([t], [])], { axis: 1 });
    const diagonal = graph.op('Gather', [row, graph.integers([t])], { axis: 1 });
    const own = graph.op('Gather', [Qp, graph.integers([t])], { axis: 1 });
    const step = graph.op('Div', [graph.op('Sub', [pQp, own]), diagonal]);
    const whole = graph.op('Add', [one, step]);
    const slope = graph.op('Add', [graph.op('Mul', [step, diagonal]), graph.op('Mul', [graph.reals([2]), own])]);
    const moved = graph.op('Add', [pQp, graph.op('Mul', [step, slope])]);
    pQp = graph.op('Div', [graph.op('Div', [moved, whole]), whole]);
    Qp = graph.op('Div', [graph.op('Add', [Qp, graph.op('Mul', [step, row])]), whole]);
    const unit = graph.reals(Array.from({ length: size }, (_, k) => (k === t ? 1 : 0)));
    p = graph.op('Div', [graph.op('Add', [p, graph.op('Mul', [step, unit])]), whole]);
  }
  return p;
}
