import type { ColumnType } from '../../../frame.ts';
import { INPUT } from '../../../native.ts';
import type { Graph, Value } from './graph.ts';
import type { Guard } from './guard.ts';
import type { Block, Column, Sheet } from './sheet.ts';

/** A feature as it comes in. */
export interface Incoming {
  /** What the steps of the preparation call it. */
  readonly name: string;
  readonly type: ColumnType;
  /** Whether a missing value (NaN, an empty text) is filled in. */
  readonly takesMissing: boolean;
}

/** The sheet of a model whose features are all numbers: one input `[rows, features]`. */
export function numericSheet(graph: Graph, features: readonly Incoming[]): Sheet {
  const block: Block = { value: INPUT, width: features.length, type: 'number' };
  return {
    blocks: [block],
    columns: features.map(({ name, type }, at) => ({ name, type, origin: at, block: 0, at })),
    guards: numberGuards(graph, INPUT, features),
  };
}

/** The sheet of a model whose features are not all numbers: one input a feature, `[rows]`. Numbers share a block. */
export function mixedSheet(graph: Graph, features: readonly Incoming[], inputs: readonly string[]): Sheet {
  const upright = inputs.map((name) => graph.op('Unsqueeze', [name, graph.integers([1])]));
  const numbers = features.filter(({ type }) => type === 'number');
  const texts = features.flatMap(({ type }, k) => (type === 'text' ? [k] : []));
  const shared = numbers.length > 0 ? [sideBySide(graph, upright, features)] : [];
  const blocks = [...shared, ...texts.map((k): Block => ({ value: upright[k] as Value, width: 1, type: 'text' }))];
  const columns = features.map(({ name, type }, origin): Column => {
    const place =
      type === 'number'
        ? { block: 0, at: numbers.findIndex((number) => number.name === name) }
        : { block: shared.length + texts.indexOf(origin), at: 0 };
    return { name, type, origin, ...place };
  });
  return {
    blocks,
    columns,
    guards: [
      ...shared.flatMap(({ value }) => numberGuards(graph, value, numbers)),
      ...texts.flatMap((k) => textGuards(graph, upright[k] as Value, features[k] as Incoming)),
    ],
  };
}

function sideBySide(graph: Graph, upright: readonly Value[], features: readonly Incoming[]): Block {
  const values = upright.filter((_, k) => features[k]?.type === 'number');
  const value = values.length === 1 ? (values[0] as Value) : graph.op('Concat', values, { axis: 1 });
  return { value, width: values.length, type: 'number' };
}

function numberGuards(graph: Graph, value: Value, features: readonly Incoming[]): Guard[] {
  const infinite = { bad: graph.op('IsInf', [value]), rule: 'numbers must be finite' };
  const whole = features.filter(({ takesMissing }) => !takesMissing);
  if (whole.length === 0) return [infinite];
  const missing = graph.op('IsNaN', [value]);
  const rule = 'numbers must not be missing (NaN): this model takes no missing values there';
  if (whole.length === features.length) return [infinite, { bad: missing, rule }];
  const must = graph.truths(features.map(({ takesMissing }) => !takesMissing));
  return [infinite, { bad: graph.op('And', [missing, must]), rule }];
}

function textGuards(graph: Graph, value: Value, { name, takesMissing }: Incoming): Guard[] {
  if (takesMissing) return [];
  const rule = `${name} must not be missing (an empty text): this model takes no missing values there`;
  return [{ bad: graph.op('Equal', [value, graph.texts([''])]), rule }];
}
