import { describe, expect, it } from 'vitest';
import { modelJson } from '../../../models/formats/model-json.ts';
import { answersOf } from '../../../models/learning/answers.ts';
import { halfWidth } from '../../../models/residuals.ts';
import { seeded } from '../../seeded.ts';
import { normal, tableOf, times, trainOn } from './tables.ts';

/** A line with skewed noise that grows with x: nothing that an interval could take for granted. */
function sample(seed: number, count: number) {
  const [uniform, draw] = [seeded(seed), normal(seed + 1)];
  const x = times(count, uniform);
  return { x, y: x.map((value) => 2 * value + (0.2 + value) * (draw() ** 2 - 1)) };
}

const read = (model: object) =>
  modelJson.read({ name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(model)) }, {});

describe('prediction intervals of a trained regression', () => {
  it('hold new rows at least as often as they say', () => {
    const levels = [0.5, 0.8, 0.9];
    const held = levels.map(() => 0);
    const [models, fresh] = [40, 500];
    for (let run = 0; run < models; run++) {
      const { x, y } = sample(10 * run, 80);
      const { model } = trainOn(tableOf({ x, y }), { target: 'y', kind: 'linear', seed: run });
      const served = read(model);
      const rows = sample(10 * run + 5, fresh);
      const { truth, predicted } = answersOf(served, tableOf({ x: rows.x }).frame, Float64Array.from(rows.y)) as {
        truth: Float64Array;
        predicted: Float64Array;
      };
      for (const [l, level] of levels.entries()) {
        const half = halfWidth(served.residuals as NonNullable<typeof served.residuals>, level);
        held[l] =
          (held[l] as number) +
          truth.filter((value, row) => Math.abs(value - (predicted[row] as number)) <= half).length;
      }
    }
    for (const [l, level] of levels.entries()) {
      const share = (held[l] as number) / (models * fresh);
      // Three standard deviations of the mean coverage of 40 models with 64 residuals each.
      const tolerance = 3 * Math.sqrt((level * (1 - level)) / 64 / models);
      expect(share).toBeGreaterThan(level - tolerance);
      expect(share).toBeLessThan(level + tolerance + 2 / 65);
    }
  });

  it('come from rows that were left out: a model that learns by heart is off by its noise', () => {
    const draw = normal(3);
    const columns = Object.fromEntries(times(30, (k) => [`x${k}`, times(50, draw)]));
    const { model, result } = trainOn(tableOf({ ...columns, y: times(50, draw) }), { target: 'y', kind: 'linear' });
    // Forty rows, thirty columns: what the fit leaves is small, and what it is worth is not.
    expect(result.trainMetrics.rmse).toBeLessThan(0.7);
    expect(halfWidth(model.residuals as NonNullable<typeof model.residuals>, 0.9)).toBeGreaterThan(2);
  });

  it('are of folds of whole groups where rows come in groups', () => {
    const draw = normal(5);
    const group = times(100, (i) => Math.floor(i / 10));
    const shift = times(10, () => 10 * draw());
    const y = group.map((g) => (shift[g] as number) + draw());
    // The group's own column gives its rows away to rows of the same group.
    const table = tableOf({ group, code: group.map((g) => `g${g}`), y });
    const half = ({ model }: ReturnType<typeof trainOn>): number =>
      halfWidth(model.residuals as NonNullable<typeof model.residuals>, 0.8);
    const [apart, together] = [
      half(trainOn(table, { target: 'y', kind: 'ridge', group: 'group' })),
      half(trainOn(tableOf({ code: group.map((g) => `g${g}`), y }), { target: 'y', kind: 'ridge' })),
    ];
    expect(apart).toBeGreaterThan(2 * together);
  });

  it('are not there for classes, nor where the rows are too few for folds', () => {
    const { x } = sample(1, 40);
    expect(
      trainOn(tableOf({ x, y: times(40, (i) => (i % 2 ? 'a' : 'b')) }), { target: 'y' }).model.residuals,
    ).toBeUndefined();
    const tiny = { x: [1, 2, 4], y: [1.5, 2, 3] };
    const chosen = { train: Int32Array.of(0), test: Int32Array.of(1, 2) };
    expect(trainOn(tableOf(tiny), { target: 'y', kind: 'ridge' }, chosen).model.residuals).toBeUndefined();
  });

  it('take some folds where the rows are many', () => {
    const { x, y } = sample(2, 6_000);
    const { model } = trainOn(tableOf({ x, y }), { target: 'y', kind: 'ridge' });
    // Three folds of 960: the first that come to 2,000 rows.
    expect(model.residuals).toMatchObject({ folds: 5, count: 2_880 });
  });
});
