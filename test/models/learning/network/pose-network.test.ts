import { describe, expect, it } from 'vitest';
import { floatRows, poseNetwork } from '../../../../models/learning/network/pose-network.ts';
import { normal, tableOf, times } from '../tables.ts';

const ROWS = 140;
const draw = normal(3);
const columns = {
  a: times(ROWS, draw),
  b: times(ROWS, draw),
  day: times(ROWS, (i) => (i * 37) % ROWS),
  target: times(ROWS, (i) => i % 2),
};
const frameOf = (more: object = {}) => tableOf({ ...columns, ...more }).frame;
const pose = (frame = frameOf(), recipe: Parameters<typeof poseNetwork>[2] = {}) =>
  poseNetwork(frame, 'rnn', recipe, {});

describe('rows', () => {
  it('are learned from, tell when to end, or are tested with', () => {
    const { fit, validation, test } = pose().split;
    expect([fit.length, validation.length, test.length]).toEqual([96, 16, 28]);
    expect(new Set([...fit, ...validation, ...test]).size).toBe(ROWS);
  });

  it('of every class are on every side', () => {
    const { fit, validation, test } = pose().split;
    for (const side of [fit, validation, test]) expect(side.filter((row) => row % 2).length * 2).toBe(side.length);
  });

  it('that come later tell when to end, and still later ones are tested with', () => {
    const { split } = pose(frameOf(), { time: 'day' });
    const days = (rows: Int32Array) => Array.from(rows, (row) => columns.day[row] as number);
    expect(Math.max(...days(split.fit))).toBeLessThan(Math.min(...days(split.validation)));
    expect(Math.max(...days(split.validation))).toBeLessThan(Math.min(...days(split.test)));
  });

  it('of a group stay together', () => {
    const team = times(ROWS, (i) => `team ${i % 20}`);
    const { fit, validation } = pose(frameOf({ team }), { group: 'team' }).split;
    const teams = (rows: Int32Array) => new Set(Array.from(rows, (row) => team[row]));
    expect(teams(fit).intersection(teams(validation)).size).toBe(0);
  });
});

describe('a table that a network can not learn from', () => {
  it('holds texts, gaps, or numbers that are none in single precision', () => {
    const city = times(ROWS, () => 'Oslo');
    expect(() => pose(frameOf({ city }))).toThrow('column "city" must be numbers for a network, got "Oslo"');
    const gaps = times(ROWS, (i) => (i === 7 ? Number.NaN : i));
    expect(() => pose(frameOf({ gaps }))).toThrow('row 7, column "gaps" must not be missing for a network');
    const large = times(ROWS, (i) => (i === 3 ? 1e39 : i));
    expect(() => pose(frameOf({ large }))).toThrow(
      'row 3, column "large" must be a number within FP32, in which a network learns, got 1e+39',
    );
  });
});

it('numbers are laid row by row in single precision', () => {
  const { frame } = tableOf({ a: [1, 2, 3], b: [0.1, 5, 6] });
  expect([...floatRows(frame, Int32Array.of(2, 0))]).toEqual([3, 6, 1, Math.fround(0.1)]);
});
