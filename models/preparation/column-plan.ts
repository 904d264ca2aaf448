import type { ColumnType } from '../frame.ts';

/** A column between two steps. */
export interface Header {
  readonly name: string;
  readonly type: ColumnType;
  /** Position of the original column that it was made from. */
  readonly origin: number;
}

/** The values of one column: numbers with NaN for missing, or texts with null for missing. */
export type Values = Float64Array | readonly (string | null)[];

/** A step that fits its columns: what comes in, what goes out, and the arithmetic between. */
export interface ColumnPlan {
  readonly headers: readonly Header[];
  /** @param columns one entry a header that came in, each of `count` values; none of them is changed */
  apply(columns: readonly Values[], count: number): readonly Values[];
  /** Where each value becomes another by itself, and columns stay what they are. */
  readonly inPlace?: InPlace;
}

/** value -> value for the column at a position. A column that the step does not name is not asked for. */
export interface InPlace {
  readonly positions: readonly number[];
  /** @param k position among `positions` */
  map(value: number, k: number): number;
}

/** Maps single numbers, and leaves every other column as it is. */
export const mapInPlace = (headers: readonly Header[], inPlace: InPlace): ColumnPlan => ({
  headers,
  inPlace,
  apply(columns) {
    const mapped = [...columns];
    for (const [k, position] of inPlace.positions.entries()) {
      mapped[position] = (columns[position] as Float64Array).map((value) => inPlace.map(value, k));
    }
    return mapped;
  },
});
