import { describe, expect, it } from 'vitest';
import { modelJson } from '../../../../models/formats/model-json.ts';
import { selectFrame } from '../../../../models/frame.ts';
import { seededRandom } from '../../../../models/learning/random.ts';
import { importanceOf } from '../../../../models/learning/report/importance.ts';
import { normal, tableOf, times } from '../tables.ts';

const file = (model: object) =>
  modelJson.read({ name: 'm', bytes: new TextEncoder().encode(JSON.stringify({ modeldrop: 1, ...model })) }, {});

const ROWS = 2_000;
const draw = normal(2);

describe('permutation importance', () => {
  const [a, b, c] = [times(ROWS, draw), times(ROWS, draw), times(ROWS, draw)];
  const { frame } = tableOf({ a, b, c });
  const truth = Float64Array.from(a, (value, i) => 3 * value + 4 * (b[i] as number) + draw());
  const model = file({
    kind: 'linear',
    features: ['a', 'b', 'c'],
    parameters: { coefficients: [[3, 4, 0]], intercept: [0] },
  });

  it('is what shuffling a known line costs: sqrt(noise^2 + 2 w^2) - noise', () => {
    const { importance, count } = importanceOf(model, frame, truth, seededRandom(1));
    expect(count).toBe(ROWS);
    expect(importance.map(({ feature }) => feature)).toEqual(['b', 'a', 'c']);
    const [first, second, last] = importance.map(({ drop }) => drop) as [number, number, number];
    expect(first / (Math.sqrt(1 + 2 * 16) - 1)).toBeCloseTo(1, 1);
    expect(second / (Math.sqrt(1 + 2 * 9) - 1)).toBeCloseTo(1, 1);
    expect(last).toBe(0);
    expect(importance[0]?.deviation).toBeGreaterThan(0);
  });

  it('warns of columns that go with another', () => {
    const { importance } = importanceOf(
      file({ kind: 'linear', features: ['a', 'b', 'c'], parameters: { coefficients: [[3, 4, 0]], intercept: [0] } }),
      tableOf({ a, b: a.map((value, i) => 2 * value + (c[i] as number) / 5), c }).frame,
      truth,
      seededRandom(1),
    );
    const correlated = Object.fromEntries(importance.map(({ feature, correlated: others }) => [feature, others]));
    expect(correlated).toEqual({ a: ['b'], b: ['a'], c: undefined });
  });

  it('shuffles a category whole, before it is encoded', () => {
    const colours = ['red', 'green', 'blue'];
    const colour = times(ROWS, (i) => colours[i % 3] as string);
    const encoded = file({
      kind: 'linear',
      features: ['colour'],
      types: { colour: 'text' },
      preparation: [{ step: 'one-hot', columns: ['colour'], categories: [['blue', 'green', 'red']], unknown: 'zeros' }],
      parameters: { coefficients: [[0, 1, 2]], intercept: [0] },
    });
    const right = Float64Array.from(colour, (name) => ({ blue: 0, green: 1, red: 2 })[name] as number);
    const { importance } = importanceOf(encoded, tableOf({ colour }).frame, right, seededRandom(1));
    // Two draws of 0, 1, 2 differ by a mean square of 4/3.
    expect(importance).toMatchObject([{ feature: 'colour' }]);
    expect(importance[0]?.drop).toBeCloseTo(Math.sqrt(4 / 3), 1);
  });

  it('takes some rows where all would take too long, and says how many', () => {
    const names = times(100, (k) => `x${k}`);
    const wide = tableOf(Object.fromEntries(names.map((name) => [name, times(400, draw)]))).frame;
    const flat = file({
      kind: 'linear',
      features: names,
      parameters: { coefficients: [names.map(() => 1)], intercept: [0] },
    });
    expect(importanceOf(flat, wide, new Float64Array(400), seededRandom(1)).count).toBe(200);
    const few = selectFrame(wide, Int32Array.of(1, 2, 3));
    expect(importanceOf(flat, few, new Float64Array(3), seededRandom(1)).count).toBe(3);
  });
});
