import type { Static } from 'typebox';
import * as Type from 'typebox';
import { UnfitInput } from './errors.ts';
import type { Explainer } from './kinds/explain/explainer.ts';
import type { NativeModel } from './native.ts';
import type { Rows } from './rows.ts';
import type { Tensor } from './tensor.ts';

/** How one row's answer comes about. `base` and the contributions sum to `value`. */
export const Explanation = Type.Object({
  class: Type.Optional(Type.Union([Type.String(), Type.Number()], { description: 'The class that it speaks for.' })),
  target: Type.Optional(Type.Integer({ description: 'Which number, of a model that predicts several.' })),
  scale: Type.String({ description: 'What base, contributions and value are measured in, such as log_odds.' }),
  method: Type.String(),
  base: Type.Number({ description: 'What the model answers where nothing is known.' }),
  value: Type.Number(),
  error: Type.Number({ description: 'How far base and contributions sum from value: rounding.' }),
  contributions: Type.Array(
    Type.Object({
      feature: Type.String(),
      value: Type.Union([Type.Number(), Type.String(), Type.Null()]),
      contribution: Type.Number(),
    }),
    { description: 'One a feature, in their order.' },
  ),
});
export type Explanation = Static<typeof Explanation>;

/** Of each row the class that is predicted, or every class. */
export type Wanted = 'predicted' | 'all';

/** What the features of a row were, before preparation. */
export type Original = (row: number, feature: number) => number | string | null;

/** Multiplications that one request may cost: some seconds. */
const MOST_WORK = 3e9;

/**
 * Explanations of prepared rows, a list a row: one, or one a class.
 * @throws UnfitInput where none are offered for this model, it lacks training means, or so many rows would take too long
 */
export function explainRows(
  model: NativeModel,
  rows: Rows,
  wanted: Wanted,
  original: Original,
  signal: AbortSignal,
): Explanation[][] {
  const explainer = explainerOf(model);
  const each = model.labels && wanted === 'predicted' ? 1 : explainer.targets;
  checkWork(rows.count, each * explainer.work);
  const predicted = model.labels && wanted === 'predicted' ? predictedClasses(model, rows) : undefined;
  const prepared = new Float64Array(rows.width);
  return Array.from({ length: rows.count }, (_, row) => {
    signal.throwIfAborted();
    const targets = predicted ? [predicted[row] as number] : Array.from({ length: explainer.targets }, (_, k) => k);
    return targets.map((target) => explainRow(model, explainer, { rows, row, target, prepared, original }));
  });
}

function explainerOf({ kind, scorer, means }: NativeModel): Explainer {
  if (scorer.explaining !== undefined) return scorer.explaining(means);
  throw new UnfitInput({
    where: `a model of this ${kind}`,
    rule: 'is not explained; linear and logistic models, SVMs with a linear or RBF kernel, and trees are',
  });
}

function checkWork(count: number, work: number): void {
  const most = Math.max(1, Math.floor(MOST_WORK / work));
  if (count > most)
    throw new UnfitInput({
      where: 'explanations',
      rule: `are given for at most ${most} rows of this model at once`,
      found: count,
    });
}

const utf8 = new TextDecoder();

function predictedClasses({ scorer, labels }: NativeModel, rows: Rows): Int32Array {
  const positions = new Map(labels?.values.map((label, position) => [String(label), position]));
  const { data } = scorer.score(rows).get('predict') as Tensor;
  return Int32Array.from(
    data as ArrayLike<bigint | Uint8Array>,
    (answer) => positions.get(typeof answer === 'bigint' ? String(answer) : utf8.decode(answer)) as number,
  );
}

interface Place {
  readonly rows: Rows;
  readonly row: number;
  readonly target: number;
  /** Scratch, one number a prepared column. */
  readonly prepared: Float64Array;
  readonly original: Original;
}

function explainRow(
  { features, labels, plan }: NativeModel,
  explainer: Explainer,
  { rows, row, target, prepared, original }: Place,
): Explanation {
  const { base, value } = explainer.explain(rows.values, row * rows.width, target, prepared);
  const sums = new Float64Array(features.length);
  let sum = base;
  for (const [column, contribution] of prepared.entries()) {
    const origin = plan.origins[column] as number;
    sums[origin] = (sums[origin] as number) + contribution;
    sum += contribution;
  }
  const several = labels === undefined && explainer.targets > 1;
  return {
    ...(labels && { class: labels.values[target] as string | number }),
    ...(several && { target }),
    scale: explainer.scale,
    method: explainer.method,
    base,
    value,
    error: Math.abs(sum - value),
    contributions: features.map((feature, k) => ({
      feature,
      value: original(row, k),
      contribution: sums[k] as number,
    })),
  };
}
