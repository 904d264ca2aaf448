import type { Static } from 'typebox';
import * as Type from 'typebox';
import { type ColumnPlan, type Header, mapInPlace } from './column-plan.ts';
import { positionsOf, requireOneEach } from './step-columns.ts';

const closed = { additionalProperties: false };
const columns = Type.Optional(
  Type.Array(Type.String(), { minItems: 1, description: 'All that are there, where absent.' }),
);
const Numbers = Type.Array(Type.Number());
const Positive = Type.Array(Type.Number({ exclusiveMinimum: 0 }));

/** (x - mean) / scale. A constant column has scale 1. */
export const Standardize = Type.Object(
  { step: Type.Literal('standardize'), columns, mean: Numbers, scale: Positive },
  closed,
);
export type Standardize = Static<typeof Standardize>;

/** x * scale + min: the training rows lie between 0 and 1. A constant column has scale 1. */
export const MinMax = Type.Object({ step: Type.Literal('min-max'), columns, min: Numbers, scale: Positive }, closed);
export type MinMax = Static<typeof MinMax>;

/** (x - center) / scale, by median and interquartile range. */
export const Robust = Type.Object({ step: Type.Literal('robust'), columns, center: Numbers, scale: Positive }, closed);
export type Robust = Static<typeof Robust>;

/** @throws ModelFileRefused where the step does not fit its columns */
export function planScale(step: Standardize | MinMax | Robust, headers: readonly Header[], where: string): ColumnPlan {
  const positions = positionsOf(headers, step.columns, 'number', where);
  const [name, offset] = offsetOf(step);
  const { scale } = step;
  requireOneEach(where, name, offset, positions.length);
  requireOneEach(where, 'scale', scale, positions.length);
  const map =
    step.step === 'min-max'
      ? (value: number, k: number) => value * (scale[k] as number) + (offset[k] as number)
      : (value: number, k: number) => (value - (offset[k] as number)) / (scale[k] as number);
  return mapInPlace(headers, { positions, map });
}

function offsetOf(step: Standardize | MinMax | Robust): readonly [name: string, offset: readonly number[]] {
  if (step.step === 'standardize') return ['mean', step.mean];
  return step.step === 'min-max' ? ['min', step.min] : ['center', step.center];
}
