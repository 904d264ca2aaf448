import { describe, expect, it } from 'vitest';
import type { Column } from '../../../../models/frame.ts';
import { drawsFor } from '../../../../models/learning/report/bootstrap.ts';
import { leaksIn } from '../../../../models/learning/report/leaks.ts';
import { range } from '../../../../models/learning/split.ts';
import { seeded } from '../../../seeded.ts';

const numbers = (name: string, values: ArrayLike<number>): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
});

/** Signs in these columns, where the last fifth of the rows is for testing; row k is of class k modulo 2. */
function signs(columns: readonly Column[], count: number): string[] {
  const border = Math.floor(count * 0.8);
  const truth = {
    task: 'classification' as const,
    labels: { datatype: 'INT64' as const, values: [0, 1] },
    positions: Int32Array.from({ length: count }, (_, row) => row % 2),
  };
  const sides = { train: range(0, border), test: range(border, count) };
  return leaksIn({ features: { count, columns }, truth, sides, atRandom: true }).map(
    ({ rule, column, words }) => `${rule} ${column ?? words}`,
  );
}

describe.each([200, 120_000])('signs of leaks among %i rows', (count) => {
  const random = seeded(7);
  const noise = Array.from({ length: count }, random);
  const every = <T>(cell: (row: number) => T): T[] => Array.from({ length: count }, (_, row) => cell(row));

  it('are a column that alone tells the class, rising or falling', () => {
    const tells = every((row) => (row % 2) * 2 + (noise[row] as number));
    const columns = [
      numbers('noise', noise),
      numbers('up', tells),
      numbers(
        'down',
        tells.map((value) => -value),
      ),
    ];
    expect(signs(columns, count)).toEqual(['telling-column up', 'telling-column down']);
  });

  it('are no column that nearly tells it', () => {
    const nearly = every((row) => (row % 2) * 1 + (noise[row] as number) + (noise[count - 1 - row] as number));
    expect(signs([numbers('nearly', nearly)], count)).toEqual([]);
  });

  it('are test rows with the features of a training row, whatever sign a zero has and whichever way a value is missing', () => {
    const a = [...noise];
    const texts: (string | null)[] = every((row) => `text ${row}`);
    const last = count - 1;
    [a[0], a[last]] = [0, -0];
    [a[1], a[last - 1]] = [Number.NaN, Number.NaN];
    [texts[0], texts[last], texts[1], texts[last - 1]] = ['same', 'same', null, null];
    // The same number with another text is another row.
    a[last - 2] = a[2] as number;
    const rule = `identical-rows 2 of ${count - Math.floor(count * 0.8)} test rows have the same features as a training row`;
    expect(signs([numbers('a', a), { name: 't', type: 'text', values: texts }], count)).toEqual([rule]);
  });

  it('are counts and texts that never repeat', () => {
    const columns: Column[] = [
      numbers(
        'id',
        every((row) => count - row),
      ),
      numbers(
        'repeats',
        every((row) => (row === 5 ? 4 : row)),
      ),
      numbers(
        'far apart',
        every((row) => row * 1_000),
      ),
      { name: 'key', type: 'text', values: every((row) => `k${row}`) },
    ];
    expect(signs(columns, count)).toEqual(['id-like id', 'id-like key']);
  });
});

it.each([
  [0, 2_000],
  [114, 2_000],
  [20_000, 2_000],
  [40_000, 1_000],
  [10_000_000, 200],
])('%i test rows are drawn anew %i times', (count, draws) => expect(drawsFor(count)).toBe(draws));
