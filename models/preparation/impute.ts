import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import { type ColumnPlan, type Header, mapInPlace, type Values } from './column-plan.ts';
import { positionsOf, requireOneEach } from './step-columns.ts';

/** Puts a value where one is missing; with `indicator`, a further column says where that was. */
export const Impute = Type.Object(
  {
    step: Type.Literal('impute'),
    columns: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    values: Type.Array(Type.Union([Type.Number(), Type.String()]), { description: 'One a column, of its type.' }),
    indicator: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type Impute = Static<typeof Impute>;

/** @throws ModelFileRefused where the step does not fit its columns */
export function planImpute(step: Impute, headers: readonly Header[], where: string): ColumnPlan {
  const positions = positionsOf(headers, step.columns, undefined, where);
  const { values: fillers, indicator = false } = step;
  requireOneEach(where, 'values', fillers, positions.length);
  for (const [k, position] of positions.entries())
    checkFiller(fillers[k], headers[position] as Header, `${where}.values[${k}]`);
  const numeric = positions.every((position) => headers[position]?.type === 'number');
  if (numeric && !indicator) {
    const map = (value: number, k: number) => (Number.isNaN(value) ? (fillers[k] as number) : value);
    return mapInPlace(headers, { positions, map });
  }
  return {
    headers: indicator
      ? [...headers, ...positions.map((position) => indicatorOf(headers[position] as Header))]
      : headers,
    apply(columns) {
      const filled = [...columns];
      for (const [k, position] of positions.entries()) filled[position] = fill(columns[position] as Values, fillers[k]);
      return indicator ? [...filled, ...positions.map((position) => missingIn(columns[position] as Values))] : filled;
    },
  };
}

function checkFiller(filler: unknown, { name, type }: Header, where: string): void {
  if (typeof filler === (type === 'number' ? 'number' : 'string')) return;
  throw new ModelFileRefused({ where, rule: `must be a ${type}, as column ${JSON.stringify(name)} is`, found: filler });
}

const indicatorOf = ({ name, origin }: Header): Header => ({ name: `${name} missing`, type: 'number', origin });

const fill = (values: Values, filler: unknown): Values =>
  values instanceof Float64Array
    ? values.map((value) => (Number.isNaN(value) ? (filler as number) : value))
    : values.map((value) => value ?? (filler as string));

const missingIn = (values: Values): Float64Array =>
  values instanceof Float64Array
    ? values.map((value) => (Number.isNaN(value) ? 1 : 0))
    : Float64Array.from(values, (value) => (value === null ? 1 : 0));
