import { decimal } from '../decimal.ts';
import { ModelFileRefused } from '../errors.ts';
import { type Preparation, type PreparationPlan, planPreparation } from '../preparation/preparation.ts';
import type { ModelFile } from './format.ts';
import { MAX_INDEX } from './libsvm-vectors.ts';
import { readText } from './text.ts';

/** From `min` to `max`, as training had it, to `lower` to `upper`: value * scale + offset. */
export interface Scaling {
  readonly scale: number;
  readonly offset: number;
}

/** What svm-scale did to the tables that a model was trained on. */
export interface WrittenRange {
  /** By column, from 0. A column that is not here was the same in every row, and left out. */
  readonly columns: ReadonlyMap<number, Scaling>;
  /** Number of columns that it speaks of. */
  readonly width: number;
  /** Of the target, where that was scaled too. */
  readonly target?: Scaling;
}

interface Span {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The file that `svm-scale -s` writes: a section `y` where the target was scaled, then a section `x`; in each the bounds that
 * were scaled to, then the smallest and largest value of each column. LIBSVM 3.24.
 * @throws ModelFileRefused naming the line
 */
export function readRange(file: ModelFile): WrittenRange {
  const lines = readText(file)
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  let at = 0;
  const refuse = (rule: string): never => {
    const found = lines[at]?.join(' ');
    throw new ModelFileRefused({ where: `${file.name} line ${at + 1}`, rule, ...(found && { found }) });
  };
  const numbers = (count: number, rule: string): number[] => {
    const values = (lines[at] ?? []).map(decimal);
    if (values.length !== count || !values.every(Number.isFinite)) refuse(rule);
    return values;
  };
  const ascending = (values: readonly number[], rule: string): Span => {
    const [lower, upper] = values as [number, number];
    if (lower >= upper) refuse(rule);
    at += 1;
    return { lower, upper };
  };
  const bounds = (): Span => {
    const rule = 'must hold the lower and the higher bound that was scaled to';
    return ascending(numbers(2, rule), rule);
  };

  let target: Scaling | undefined;
  if (lines[at]?.[0] === 'y') {
    at += 1;
    const to = bounds();
    const rule = 'must hold the smallest and the largest target';
    target = scalingOf(ascending(numbers(2, rule), rule), to);
  }
  if (lines[at]?.[0] !== 'x') refuse('must be x, where the scaling of the columns begins');
  at += 1;
  const to = bounds();
  const columns = new Map<number, Scaling>();
  let last = 0;
  while (at < lines.length) {
    if (lines[at]?.join('') === '') {
      at += 1;
      continue;
    }
    const rule = 'must hold an index and the smallest and the largest value of its column';
    const [index = 0, ...span] = numbers(3, rule);
    if (!Number.isInteger(index) || index <= last || index > MAX_INDEX) {
      refuse(`must have an index after ${last}, up to ${MAX_INDEX}`);
    }
    last = index;
    columns.set(index - 1, scalingOf(ascending(span, rule), to));
  }
  return { columns, width: last, ...(target && { target }) };
}

function scalingOf(from: Span, to: Span): Scaling {
  const scale = (to.upper - to.lower) / (from.upper - from.lower);
  return { scale, offset: to.lower - from.lower * scale };
}

export interface RangePreparation {
  readonly preparation: Preparation;
  readonly plan: PreparationPlan;
}

/** Scales each column as svm-scale does; columns that training left out count nothing, whatever they hold. */
export function scalingPreparation({ columns }: WrittenRange, names: readonly string[]): RangePreparation {
  const scaled = names.flatMap((name, column) => {
    const scaling = columns.get(column);
    return scaling ? [{ name, ...scaling }] : [];
  });
  const preparation: Preparation =
    scaled.length === 0
      ? []
      : [
          {
            step: 'min-max',
            columns: scaled.map(({ name }) => name),
            min: scaled.map(({ offset }) => offset),
            scale: scaled.map(({ scale }) => scale),
          },
        ];
  const features = names.map((name) => ({ name, type: 'number' as const }));
  const plan = planPreparation(preparation, features, 'preparation');
  const left = [...names.keys()].filter((column) => !columns.has(column));
  if (left.length === 0) return { preparation, plan };
  return {
    preparation,
    plan: {
      ...plan,
      applyToRows(rows) {
        const prepared = plan.applyToRows(rows);
        const values = prepared.values.slice();
        for (const column of left) for (let at = column; at < values.length; at += rows.width) values[at] = 0;
        return { ...prepared, values };
      },
    },
  };
}
