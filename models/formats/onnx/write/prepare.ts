import type { OneHot, Ordinal } from '../../../preparation/encode.ts';
import type { Impute } from '../../../preparation/impute.ts';
import type { Preparation } from '../../../preparation/preparation.ts';
import type { MinMax, Robust, Standardize } from '../../../preparation/scale.ts';
import { positionsOf } from '../../../preparation/step-columns.ts';
import { encode } from './encode.ts';
import type { Graph, Value } from './graph.ts';
import { append, type Block, type Column, mapBlocks, type Picks, picksOf, type Sheet, spreadOver } from './sheet.ts';
import { weighWords } from './tf-idf.ts';

/** Applies the steps, which are known to fit. */
export const prepare = (graph: Graph, preparation: Preparation, sheet: Sheet): Sheet =>
  preparation.reduce((before, step) => apply(graph, step, before), sheet);

function apply(graph: Graph, step: Preparation[number], sheet: Sheet): Sheet {
  switch (step.step) {
    case 'standardize':
      return scale(graph, step, step.mean, sheet);
    case 'robust':
      return scale(graph, step, step.center, sheet);
    case 'min-max':
      return stretch(graph, step, sheet);
    case 'impute':
      return impute(graph, step, sheet);
    case 'one-hot':
    case 'ordinal':
      return encode(graph, step, placesOf(step, sheet), sheet);
    case 'tf-idf':
      return weighWords(graph, step, placesOf({ columns: [step.column] }, sheet)[0] as number, sheet);
  }
}

const placesOf = (
  { columns }: Pick<Standardize | Impute | OneHot | Ordinal, 'columns'>,
  sheet: Sheet,
): readonly number[] => positionsOf(sheet.columns, columns, undefined, 'preparation');

function scale(graph: Graph, step: Standardize | Robust, center: readonly number[], sheet: Sheet): Sheet {
  return mapBlocks(sheet, placesOf(step, sheet), (block, picks) => {
    const centred = graph.op('Sub', [block.value, graph.reals(spreadOver(block, picks, center, 0))]);
    return graph.op('Div', [centred, graph.reals(spreadOver(block, picks, step.scale, 1))]);
  });
}

function stretch(graph: Graph, step: MinMax, sheet: Sheet): Sheet {
  return mapBlocks(sheet, placesOf(step, sheet), (block, picks) => {
    const stretched = graph.op('Mul', [block.value, graph.reals(spreadOver(block, picks, step.scale, 1))]);
    return graph.op('Add', [stretched, graph.reals(spreadOver(block, picks, step.min, 0))]);
  });
}

function impute(graph: Graph, step: Impute, sheet: Sheet): Sheet {
  const positions = placesOf(step, sheet);
  const filled = mapBlocks(sheet, positions, (block, picks) =>
    graph.op('Where', [missingIn(graph, block), fillers(graph, block, picks, step.values), block.value]),
  );
  return step.indicator ? indicate(graph, sheet, filled, positions) : filled;
}

const missingIn = (graph: Graph, { type, value }: Block): Value =>
  type === 'number' ? graph.op('IsNaN', [value]) : graph.op('Equal', [value, graph.texts([''])]);

/** Columns that are not filled stay missing where they are. */
const fillers = (graph: Graph, block: Block, picks: Picks, values: Impute['values']): Value =>
  block.type === 'number'
    ? graph.reals(spreadOver(block, picks, values, Number.NaN))
    : graph.texts([values[picks[0]?.k as number] as string]);

/** A column for each that was filled: 1 where a value was missing. */
function indicate(graph: Graph, before: Sheet, filled: Sheet, positions: readonly number[]): Sheet {
  const touched = [...picksOf(before, positions)].map(([index, picks]) => {
    const missing = graph.op('Cast', [missingIn(graph, before.blocks[index] as Block)], { to: graph.real });
    return { picks, columns: graph.op('Gather', [missing, graph.integers(picks.map(({ at }) => at))], { axis: 1 }) };
  });
  const order = touched.flatMap(({ picks }) => picks.map(({ k }) => k));
  const values = touched.map(({ columns }) => columns);
  const whole = values.length === 1 ? (values[0] as Value) : graph.op('Concat', values, { axis: 1 });
  const inOrder = graph.op('Gather', [whole, graph.integers(positions.map((_, k) => order.indexOf(k)))], { axis: 1 });
  const headers = positions.map((position) => {
    const { name, origin } = before.columns[position] as Column;
    return { name: `${name} missing`, type: 'number' as const, origin };
  });
  return append(filled, inOrder, headers);
}
