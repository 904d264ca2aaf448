import type { MinMax, Robust, Standardize } from '../../preparation/scale.ts';
import { presentIn, quantile } from './present.ts';

/** A column and the values of its training rows; missing ones do not count. */
export interface NamedNumbers {
  readonly name: string;
  readonly values: Float64Array;
}

/** Mean and population standard deviation (ddof 0) of every column; a constant column has scale 1. */
export function fitStandardize(columns: readonly NamedNumbers[]): Standardize {
  const moments = columns.map(({ values }) => momentsOf(presentIn(values)));
  return {
    step: 'standardize',
    columns: namesOf(columns),
    mean: moments.map(({ mean }) => mean),
    scale: moments.map(({ deviation }) => deviation),
  };
}

/** The training rows lie between 0 and 1; a constant column has scale 1. */
export function fitMinMax(columns: readonly NamedNumbers[]): MinMax {
  const ranges = columns.map(({ values }) => rangeOf(presentIn(values)));
  const scale = ranges.map(({ min, max }) => (max > min ? 1 / (max - min) : 1));
  return {
    step: 'min-max',
    columns: namesOf(columns),
    min: ranges.map(({ min }, k) => -min * (scale[k] as number)),
    scale,
  };
}

/** Median and interquartile range (type 7); a range of 0 has scale 1. */
export function fitRobust(columns: readonly NamedNumbers[]): Robust {
  const sorted = columns.map(({ values }) => presentIn(values).sort());
  return {
    step: 'robust',
    columns: namesOf(columns),
    center: sorted.map((values) => quantile(values, 0.5)),
    scale: sorted.map((values) => quantile(values, 0.75) - quantile(values, 0.25) || 1),
  };
}

const namesOf = (columns: readonly NamedNumbers[]): string[] => columns.map(({ name }) => name);

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  // The rounded mean of equal values is not always their value.
  if (values.every((value) => value === values[0])) return { mean, deviation: 1 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

function rangeOf(values: Float64Array): { min: number; max: number } {
  let [min, max] = [values[0] ?? 0, values[0] ?? 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
