import type { Affine } from '../../../kinds/affine.ts';
import type { Link } from '../../../kinds/linear.ts';
import { affineValues, flat } from './affine.ts';
import type { Answers } from './answers.ts';
import type { Graph, Value } from './graph.ts';
import { sigmoid } from './sigmoid.ts';

/** From the linear predictor to the answer, as `links` of the kind. */
const links: Readonly<Record<Link, (graph: Graph, eta: Value) => Value>> = {
  identity: (_, eta) => eta,
  logit: (graph, eta) => sigmoid(graph, eta),
  log: (graph, eta) => graph.op('Exp', [eta]),
  inverse: (graph, eta) => graph.op('Reciprocal', [eta]),
};

export function linearAnswers(graph: Graph, functions: Affine, link: Link, rows: Value): Answers {
  const answers = links[link](graph, affineValues(graph, functions, rows));
  return { predict: functions.intercept.length === 1 ? flat(graph, answers) : answers };
}
