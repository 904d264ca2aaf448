import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classificationBaseline, regressionBaseline } from '../../../models/learning/baseline-predictor.ts';
import { classificationMetrics, regressionMetrics } from '../../../models/learning/evaluate.ts';
import {
  auc,
  averagePrecision,
  balancedAccuracy,
  brier,
  f1,
  logLoss,
  mae,
  mape,
  r2,
  rmse,
  wape,
} from '../../../models/learning/metrics.ts';
import { expectClose } from '../../closeness.ts';

const reals = (...values: number[]) => Float64Array.from(values);
const classes = (...values: number[]) => Int32Array.from(values);
const probabilities = (...rows: number[][]) => ({
  classes: rows[0]?.length ?? 2,
  values: Float64Array.from(rows.flat()),
});

describe('metrics of a regression', () => {
  it('are r2, rmse and mae', () => {
    const { metrics, reasons } = regressionMetrics(reals(1, 2, 3, 4), reals(1, 2, 4, 2));
    expect(metrics).toMatchObject({ r2: 0, rmse: Math.sqrt(5 / 4), mae: 0.75 });
    expect(reasons).toEqual({});
  });

  it('call a constant target met exactly 1, and missed 0', () => {
    expect(r2(reals(0.1, 0.1, 0.1), reals(0.1, 0.1, 0.1))).toEqual({ value: 1 });
    expect(r2(reals(0.1, 0.1, 0.1), reals(0.1, 0.1, 0.2))).toEqual({ value: 0 });
  });

  it('have a reason for every null', () => {
    expect(regressionMetrics(reals(1), reals(2))).toMatchObject({
      metrics: { r2: null, rmse: 1, mae: 1 },
      reasons: { r2: 'R2 needs at least two rows' },
    });
    expect(rmse(reals(), reals())).toEqual({ value: null, why: 'there are no rows' });
  });

  it('of a guess: r2 and rmse of the training mean, mae of the median', () => {
    const { metrics } = regressionBaseline(reals(1, 2, 9), reals(2, 4));
    expect(metrics).toMatchObject({ r2: -1, rmse: Math.sqrt(2), mae: 1 });
    expect(regressionBaseline(reals(1, 2, 4, 9), reals(3, 3)).metrics.mae).toBe(0);
  });
});

describe('metrics of a classification', () => {
  it('are accuracy, logloss and auc', () => {
    const answered = probabilities([0.8, 0.2], [0.4, 0.6], [0.3, 0.7], [0.9, 0.1]);
    const { metrics } = classificationMetrics(classes(0, 0, 1, 1), classes(0, 1, 1, 0), answered);
    expect(metrics.accuracy).toBe(0.5);
    expectClose(metrics.logloss ?? 0, -Math.log(0.8 * 0.4 * 0.7 * 0.1) / 4, 1e-15);
    expect(metrics.auc).toBe(0.5);
  });

  it('are accuracy alone, without probabilities', () => {
    expect(classificationMetrics(classes(0, 1), classes(0, 1)).metrics).toEqual({
      accuracy: 1,
      balanced_accuracy: 1,
      f1: 1,
    });
  });

  it('clip log loss at machine epsilon, and renormalise rows', () => {
    expectClose(logLoss(classes(1), probabilities([1, 0])).value ?? 0, -Math.log(Number.EPSILON), 1e-12);
    expectClose(logLoss(classes(1), probabilities([1, 3])).value ?? 0, Math.log(2), 1e-12);
  });

  it('count a tie half in the area under the curve', () => {
    expect(auc(classes(0, 1), probabilities([0.5, 0.5], [0.5, 0.5]))).toEqual({ value: 0.5 });
    expect(auc(classes(0, 1, 1), probabilities([0.5, 0.5], [0.5, 0.5], [0.1, 0.9]))).toEqual({ value: 0.75 });
  });

  it('average one class against the rest', () => {
    const perfect = probabilities([0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.2, 0.1, 0.7]);
    expect(auc(classes(0, 1, 2), perfect)).toEqual({ value: 1 });
    // Class 0 is ranked wrong against both others, 1 and 2 right.
    const mixed = probabilities([0.1, 0.1, 0.1], [0.2, 0.8, 0.0], [0.3, 0.0, 0.7]);
    expectClose(auc(classes(0, 1, 2), mixed).value ?? 0, (0 + 1 + 1) / 3, 1e-15);
  });

  it('have no area where a class is absent, and say which', () => {
    expect(auc(classes(1, 1), probabilities([0, 1], [1, 0]))).toHaveProperty('why', 'AUC needs rows of both classes');
    expect(auc(classes(0, 2), probabilities([1, 0, 0], [0, 0, 1]))).toHaveProperty(
      'why',
      expect.stringContaining('class 1'),
    );
  });

  it('count, as area, the pairs in the right order', () => {
    const rows = fc.array(fc.tuple(fc.nat(1), fc.nat(5)), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(rows, (sample) => {
        const positives = sample.filter(([truth]) => truth === 1);
        const negatives = sample.filter(([truth]) => truth === 0);
        fc.pre(positives.length > 0 && negatives.length > 0);
        const won = positives.flatMap(([, p]) => negatives.map(([, n]) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const share = won.reduce((sum: number, win) => sum + win, 0) / won.length;
        const answered = probabilities(...sample.map(([, score]) => [1 - score / 5, score / 5]));
        expectClose(auc(classes(...sample.map(([truth]) => truth)), answered).value ?? 0, share, 1e-12);
      }),
    );
  });

  it('of a guess: accuracy of the majority, log loss and area of the class shares', () => {
    const { metrics } = classificationBaseline(classes(0, 1, 1, 1), classes(0, 1), 2);
    expect(metrics.accuracy).toBe(0.5);
    expectClose(metrics.logloss ?? 0, -Math.log(0.25 * 0.75) / 2, 1e-12);
    expect(metrics.auc).toBe(0.5);
  });
});

// Expected values by sklearn.metrics 1.2.1.
describe('the further metrics', () => {
  const truth = Int32Array.of(0, 1, 1, 0, 1, 0, 1);
  const scores = [0.1, 0.8, 0.4, 0.4, 0.9, 0.6, 0.6];
  const probabilities = { classes: 2, values: Float64Array.from(scores.flatMap((p) => [1 - p, p])) };
  const predicted = Int32Array.from(scores, (p) => (p >= 0.5 ? 1 : 0));

  it('are what scikit-learn makes of two classes', () => {
    expect(averagePrecision(truth, probabilities).value).toBeCloseTo(0.8541666666666666, 14);
    expect(brier(truth, probabilities).value).toBeCloseTo(0.15714285714285717, 14);
    expect(f1(truth, predicted).value).toBeCloseTo(0.7083333333333333, 14);
    expect(balancedAccuracy(truth, predicted).value).toBeCloseTo(0.7083333333333333, 14);
  });

  it('are what scikit-learn makes of three', () => {
    const [three, guessed] = [Int32Array.of(0, 1, 2, 1), Int32Array.of(0, 2, 2, 1)];
    expect(f1(three, guessed).value).toBeCloseTo(0.7777777777777777, 14);
    expect(balancedAccuracy(three, guessed).value).toBeCloseTo(0.8333333333333334, 14);
  });

  it('sum the Brier score of many classes over all of them', () =>
    expect(brier(Int32Array.of(2), { classes: 3, values: Float64Array.of(0.2, 0.3, 0.5) }).value).toBeCloseTo(
      0.04 + 0.09 + 0.25,
      14,
    ));

  it('are what scikit-learn makes of numbers', () => {
    const [targets, answers] = [Float64Array.of(1, -2, 4), Float64Array.of(1.5, -1, 4)];
    expect(mape(targets, answers).value).toBeCloseTo(1 / 3, 14);
    expect(wape(targets, answers).value).toBeCloseTo(1.5 / 7, 14);
  });

  it('name the class that a test set lacks', () => {
    const naming = { labels: ['low', 'mid', 'high'], positive: 1 };
    const answered = { classes: 3, values: Float64Array.of(0.8, 0.1, 0.1, 0.1, 0.1, 0.8) };
    const { reasons } = classificationMetrics(Int32Array.of(0, 2), Int32Array.of(0, 2), answered, naming);
    expect(reasons.auc).toContain('class mid lacks them');
  });

  it('are of the class that is looked for', () => {
    // average_precision_score(1 - truth, 1 - scores) of scikit-learn 1.2.1.
    expect(averagePrecision(truth, probabilities, 0).value).toBeCloseTo(0.7555555555555555, 14);
  });

  it('are never a silent NaN', () => {
    const huge = Float64Array.of(1e200, -1e200, 1);
    const { metrics, reasons } = regressionMetrics(huge, Float64Array.of(-1e200, 1e200, 1));
    for (const [name, value] of Object.entries(metrics)) {
      if (value === null) expect(reasons[name]).toContain('it comes to');
      else expect(Number.isFinite(value)).toBe(true);
    }
    expect(metrics.rmse).toBeNull();
    expect(regressionMetrics(Float64Array.of(1), Float64Array.of(Number.NaN)).reasons.mae).toContain('it comes to NaN');
  });

  it('say why there is none', () => {
    const zero = Float64Array.of(0, 1);
    expect(mape(zero, zero)).toEqual({ value: null, why: expect.stringContaining('0 in some row') });
    expect(wape(Float64Array.of(0), Float64Array.of(1)).value).toBeNull();
    expect(averagePrecision(Int32Array.of(0, 0), { classes: 2, values: Float64Array.of(1, 0, 1, 0) }).value).toBeNull();
    for (const score of [f1, balancedAccuracy]) expect(score(Int32Array.of(), Int32Array.of()).value).toBeNull();
  });

  it('say that there are no rows, and why others are not there, in words', () => {
    const none = [new Float64Array(), new Float64Array()] as const;
    const noClasses = [Int32Array.of(), { classes: 2, values: new Float64Array() }] as const;
    const scores = [
      ...[rmse, mae, mape, wape].map((score) => score(...none)),
      ...[logLoss, brier].map((score) => score(...noClasses)),
    ];
    for (const score of scores) expect(score).toEqual({ value: null, why: 'there are no rows' });
    expect(wape(Float64Array.of(0), Float64Array.of(1))).toMatchObject({ why: expect.stringContaining('all are 0') });
    const three = { classes: 3, values: Float64Array.of(1, 0, 0) };
    expect(averagePrecision(Int32Array.of(0), three)).toEqual({
      value: null,
      why: expect.stringContaining('two classes'),
    });
  });
});
