import type { Header } from '../../../preparation/column-plan.ts';
import type { OneHot, Ordinal } from '../../../preparation/encode.ts';
import { gemm } from './gemm.ts';
import type { Graph, Value } from './graph.ts';
import type { Guard } from './guard.ts';
import { append, type Block, type Column, type Sheet, without } from './sheet.ts';

/** Turns categories into numbers: the columns go, and what is made of them comes at the end. */
export function encode(graph: Graph, step: OneHot | Ordinal, positions: readonly number[], sheet: Sheet): Sheet {
  return positions.reduce(
    (grown, position, k) => encodeColumn(graph, step, k, sheet.columns[position] as Column, grown),
    without(sheet, positions),
  );
}

function encodeColumn(graph: Graph, step: OneHot | Ordinal, k: number, column: Column, sheet: Sheet): Sheet {
  const { value } = sheet.blocks[column.block] as Block;
  const categories = step.categories[k] as readonly string[];
  const matches = graph.op('Equal', [value, graph.texts(categories, [1, categories.length])]);
  const { name, origin } = column;
  const guards = step.unknown === 'refuse' ? [...sheet.guards, unknownOf(graph, matches, name)] : sheet.guards;
  const header = (made: string): Header => ({ name: made, type: 'number', origin });
  if (step.step === 'ordinal') {
    return append({ ...sheet, guards }, codes(graph, step, matches, categories.length), [header(name)]);
  }
  const dropped = step.drop === 'first' ? 1 : 0;
  const levels = categories.slice(dropped);
  return append(
    { ...sheet, guards },
    spread(graph, matches, dropped),
    levels.map((level) => header(`${name}=${level}`)),
  );
}

/** Rows whose category is none of those of training. */
function unknownOf(graph: Graph, matches: Value, name: string): Guard {
  const found = foundIn(graph, matches);
  return {
    bad: graph.op('Equal', [found, graph.reals([0])]),
    rule: `${name} must be one of the categories of training`,
  };
}

/** How many categories a row has: one or none. */
const foundIn = (graph: Graph, matches: Value): Value =>
  graph.op('ReduceSum', [graph.op('Cast', [matches], { to: graph.real }), graph.integers([1])], { keepdims: 1 });

function spread(graph: Graph, matches: Value, dropped: number): Value {
  const all = graph.op('Cast', [matches], { to: graph.real });
  if (dropped === 0) return all;
  const [from, to, axis] = [graph.integers([dropped]), graph.integers([Number.MAX_SAFE_INTEGER]), graph.integers([1])];
  return graph.op('Slice', [all, from, to, axis]);
}

/** The position of the category, or the number that stands for an unknown one. */
function codes(graph: Graph, { unknown }: Ordinal, matches: Value, count: number): Value {
  const positions = Array.from({ length: count }, (_, code) => code);
  const all = graph.op('Cast', [matches], { to: graph.real });
  const known = gemm(graph, all, { values: positions, height: 1, width: count });
  if (unknown === 'refuse') return known;
  const isKnown = graph.op('Greater', [foundIn(graph, matches), graph.reals([0])]);
  return graph.op('Where', [isKnown, known, graph.reals([unknown])]);
}
