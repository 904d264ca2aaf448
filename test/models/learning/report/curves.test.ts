import { describe, expect, it } from 'vitest';
import { confusionOf, curvesOf, residualsOf } from '../../../../models/learning/report/curves.ts';
import { expectClose } from '../../../closeness.ts';
import { referenceJson } from '../../../reference.ts';

const { two, calibration } = referenceJson<{
  two: { truth: number[]; score: number[]; roc: number[][]; pr: number[][] };
  calibration: { truth: number[]; score: number[]; observed: number[]; predicted: number[] };
}>('results/weighted-metrics.json');

const answers = (truth: readonly number[], score: readonly number[], positive = 1) => ({
  task: 'classification' as const,
  truth: Int32Array.from(truth),
  predicted: Int32Array.from(score, (p) => Number(p > 0.5)),
  labels: ['no', 'yes'],
  positive,
  probabilities: { classes: 2, values: Float64Array.from(score.flatMap((p) => [1 - p, p])) },
});

describe('the curves of two classes', () => {
  const [curves] = curvesOf(answers(two.truth, two.score));

  it('are of the class that is looked for', () => {
    expect(curves?.label).toBe('yes');
    const [turned] = curvesOf(answers(two.truth, two.score, 0));
    expect(turned?.label).toBe('no');
    // The other class' curve is the same, read from the other end.
    expectClose(
      turned?.roc.map(([x, y]) => [1 - y, 1 - x]).toReversed() ?? [],
      curves?.roc.map(([x, y]) => [x, y]) ?? [],
    );
  });

  it('are the roc_curve of scikit-learn, equal scores one step', () =>
    expectClose(curves?.roc.map(([x, y]) => [x, y]) ?? [], two.roc, 1e-12));

  it('are its precision_recall_curve', () => expectClose(curves?.pr.map(([x, y]) => [x, y]) ?? [], two.pr, 1e-12));

  it('are its calibration_curve in ten bins of equal count', () => {
    const [{ calibration: bins }] = curvesOf(answers(calibration.truth, calibration.score)) as [
      NonNullable<typeof curves>,
    ];
    expect(bins.map(({ count }) => count)).toEqual(Array(10).fill(20));
    expectClose(bins.map(({ predicted }) => predicted), calibration.predicted, 1e-12); // biome-ignore format: a pair
    expectClose(bins.map(({ observed }) => observed), calibration.observed, 1e-12); // biome-ignore format: a pair
  });

  it('are none where one class is all there is', () => expect(curvesOf(answers([1, 1], [0.2, 0.7]))).toEqual([]));
});

it('many classes have a curve each, but those that are absent', () => {
  const curves = curvesOf({
    task: 'classification',
    truth: Int32Array.of(0, 2, 0, 2),
    predicted: Int32Array.of(0, 2, 0, 0),
    labels: ['a', 'b', 'c'],
    positive: 1,
    probabilities: { classes: 3, values: Float64Array.of(0.8, 0.1, 0.1, 0.1, 0.1, 0.8, 0.5, 0.3, 0.2, 0.6, 0, 0.4) },
  });
  expect(curves.map(({ label }) => label)).toEqual(['a', 'c']);
});

it('long curves keep their ends', () => {
  const score = Array.from({ length: 3_000 }, (_, i) => (i + 0.5) / 3_000);
  const [curves] = curvesOf(answers(score.map((p, i) => Number((i * 7919) % 100 < 100 * p)), score)); // biome-ignore format: a row
  expect(curves?.roc.length).toBeLessThanOrEqual(400);
  expect([curves?.roc[0], curves?.roc.at(-1)]).toEqual([[0, 0], [1, 1]]); // biome-ignore format: a pair
});

it('the confusion counts truth by line and answers by column', () =>
  expect(confusionOf(Int32Array.of(0, 0, 1, 2), Int32Array.of(0, 1, 1, 0), 3)).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 0],
  ]));

it('residuals are of every row where there are few', () =>
  expect(residualsOf({ task: 'regression', truth: Float64Array.of(1, 2), predicted: Float64Array.of(1.5, 2) })).toEqual(
    [
      { truth: 1, predicted: 1.5 },
      { truth: 2, predicted: 2 },
    ],
  ));
