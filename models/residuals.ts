import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused, UnfitInput } from './errors.ts';
import type { TensorSpec } from './signature.ts';
import { fp64, type Tensors } from './tensor.ts';

/** How far a regression was off on training rows that it had not seen: what prediction intervals are made of. */
export const Residuals = Type.Object(
  {
    method: Type.Literal('out-of-fold', { description: 'Each row by a model that was fitted without its fold.' }),
    folds: Type.Integer({ minimum: 2 }),
    count: Type.Integer({ minimum: 1, description: 'Rows that were predicted so.' }),
    values: Type.Array(Type.Number({ minimum: 0 }), {
      minItems: 1,
      maxItems: 1000,
      description: '|truth - prediction|, ascending: of every row, or of those at `ranks`.',
    }),
    ranks: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1 }), {
        minItems: 1,
        maxItems: 1000,
        description: 'Which of the ascending residuals are there, counted from 1; the last is `count`.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type Residuals = Static<typeof Residuals>;

/** @throws ModelFileRefused where values and ranks are not ascending, or not of each other */
export function checkResiduals({ count, values, ranks }: Residuals, where: string): void {
  const isAscending = (numbers: readonly number[]): boolean =>
    numbers.every((value, i) => i === 0 || value >= (numbers[i - 1] as number));
  if (!isAscending(values))
    throw new ModelFileRefused({ where: `${where}.values`, rule: 'must ascend', found: values });
  if (ranks === undefined) {
    if (values.length === count) return;
    throw new ModelFileRefused({ where: `${where}.values`, rule: `must hold all ${count}`, found: values });
  }
  const fits = ranks.length === values.length && ranks.at(-1) === count;
  if (fits && isAscending(ranks) && new Set(ranks).size === ranks.length) return;
  throw new ModelFileRefused({
    where: `${where}.ranks`,
    rule: `must ascend, one a value, and end at ${count}`,
    found: ranks,
  });
}

/** The most that so many residuals support: rank n of n + 1. */
export const largestLevel = ({ count }: Residuals): number => count / (count + 1);

const ROUNDING = 1e-9;

/**
 * Half the width of an interval that covers a new row with at least this probability: the residual of rank
 * ceil((n + 1) level). Where that rank is not there, the next: never too narrow. Lei et al., "Distribution-Free
 * Predictive Inference for Regression", JASA 113 (2018).
 * @throws UnfitInput where there are too few residuals for the level
 */
export function halfWidth(residuals: Residuals, level: number): number {
  const { count, values, ranks } = residuals;
  const rank = Math.ceil((count + 1) * level - ROUNDING);
  if (rank > count) {
    throw new UnfitInput({
      where: 'parameters.interval',
      rule: `must be at most ${roundedDown(largestLevel(residuals))}: the model was tried on ${count} rows out of fold`,
      found: level,
    });
  }
  const at = ranks === undefined ? rank - 1 : ranks.findIndex((stored) => stored >= rank);
  return values[at] as number;
}

const roundedDown = (share: number): number => Math.floor(share * 1e6) / 1e6;

export const BOUNDS = ['predict_lower', 'predict_upper'] as const;

/** The two outputs that an interval adds. */
export const boundSpecs = (interval: number): TensorSpec[] =>
  BOUNDS.map((name) => ({ name, datatype: 'FP64', shape: [-1], parameters: { interval } }));

/**
 * The outputs, with the bounds of a prediction interval beside them.
 * @throws UnfitInput where the model predicts no number, or holds no residuals, or too few
 */
export function withInterval(outputs: Tensors, residuals: Residuals | undefined, level: number): Tensors {
  const predicted = outputs.get('predict');
  if (predicted?.datatype !== 'FP64' || predicted.shape.length !== 1) {
    throw new UnfitInput({
      where: 'parameters.interval',
      rule: 'must be absent: intervals are of models that predict one number; this one does not',
    });
  }
  if (residuals === undefined) {
    throw new UnfitInput({
      where: 'parameters.interval',
      rule: 'must be absent: this model holds no out-of-fold residuals, as `modeldrop train` stores them',
    });
  }
  const half = halfWidth(residuals, level);
  const values = predicted.data as Float64Array;
  const [lower, upper] = BOUNDS;
  return new Map([
    ...outputs,
    [
      lower,
      fp64(
        predicted.shape,
        values.map((value) => value - half),
      ),
    ],
    [
      upper,
      fp64(
        predicted.shape,
        values.map((value) => value + half),
      ),
    ],
  ]);
}
