import { describe, expect, it } from 'vitest';
import { kinds } from '../../../../models/kinds/kinds.ts';
import { parseLabels } from '../../../../models/labels.ts';
import { type SvcOptions, trainSvc } from '../../../../models/learning/svm/svc.ts';
import { referenceJson } from '../../../reference.ts';
import { preparedBy, referenceTable } from '../../../reference-table.ts';
import { rowsOf } from '../../../rows.ts';
import { seeded } from '../../../seeded.ts';

interface Reference {
  readonly gamma: number | null;
  readonly nSV: number;
  readonly fit_status: number;
  readonly pred_test: number[];
  readonly acc_test: number;
  readonly libsvm_cli?: { readonly obj: number | number[] };
}

const rbf = { type: 'rbf', gamma: 'scale', degree: 3, coef0: 0 } as const;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe.each(['iris', 'breast_cancer', 'digits'])('support vector classification of %s', (name) => {
  const { models } = referenceJson<{ models: Record<string, Reference> }>(`results/${name}.json`);
  const fitted = Object.entries(models).filter(([key, { fit_status }]) => key.startsWith('SVC') && fit_status === 0);

  it.each(fitted)('%s is at least as good as the reference', async (key, reference) => {
    const { train, test } = await referenceTable(name);
    const recipe = key.endsWith('standardised') ? 'standard' : 'none';
    const type = key.includes('linear') ? 'linear' : key.includes('poly') ? 'poly' : 'rbf';
    const positions = Int32Array.from(train.targets);
    const classes = new Set(positions).size;
    const rows = preparedBy(recipe, train);
    const fit = trainSvc(rows, positions, { kernel: { ...rbf, type }, C: 1, classes });

    expect(fit.converged).toBe(true);
    expect(fit.gap).toBeLessThan(1e-3);
    if (reference.gamma !== null) expect(fit.gamma).toBeCloseTo(reference.gamma, 12);
    if (reference.libsvm_cli) expectNotAbove(fit.objective, [reference.libsvm_cli.obj].flat());
    expect(Math.abs(fit.supportIndices.length - reference.nSV)).toBeLessThanOrEqual(Math.max(2, 0.005 * reference.nSV));

    const labels = parseLabels(Array.from({ length: classes }, (_, k) => k));
    const scorer = kinds.svm.build(fit.parameters, { width: rows.width, labels, where: 'parameters' });
    const predicted = scorer.score(preparedBy(recipe, train, test)).get('predict')?.data as BigInt64Array;
    const differing = reference.pred_test.filter((label, row) => Number(predicted[row]) !== label).length;
    expect(differing).toBeLessThanOrEqual(Math.ceil(0.005 * reference.pred_test.length));
  });
});

/** The dual is minimised: lower is better. */
function expectNotAbove(objective: readonly number[], reference: readonly number[]): void {
  expect(objective).toHaveLength(reference.length);
  expect(sum(objective)).toBeLessThanOrEqual(sum(reference) + 1e-6 * Math.abs(sum(reference)));
  // svm-train numbers classes as they first appear in its file, so that its pairs come in another order.
  const ordered = reference.toSorted((a, b) => a - b);
  for (const [pair, value] of objective.toSorted((a, b) => a - b).entries()) {
    const expected = ordered[pair] as number;
    expect(value).toBeLessThanOrEqual(expected + 2e-5 * Math.abs(expected) + 1e-6);
  }
}

describe('the decision', () => {
  const rows = rowsOf([[0], [1], [3], [4]]);
  const options = { kernel: { ...rbf, type: 'linear' }, C: 100, classes: 2 } as const;

  // The widest street between 1 and 3 has its middle at 2 and weight 1: f(x) = x - 2, worked out by hand.
  it('is positive toward the second of two classes, and one at the support vectors', () => {
    const { parameters, intercept, supportIndices, objective } = trainSvc(rows, Int32Array.of(0, 0, 1, 1), options);
    expect(supportIndices).toEqual([1, 2]);
    expect(intercept[0]).toBeCloseTo(-2, 4);
    expect(objective[0]).toBeCloseTo(-0.5, 6);
    const weight = sum(
      (parameters.coefficients[0] as number[]).map((a, k) => a * (parameters.supportVectors[k]?.[0] ?? 0)),
    );
    expect(weight).toBeCloseTo(1, 4);
  });

  it('moves toward the class that weighs less', () => {
    const mixed = rowsOf([[0], [1], [2], [1.5], [3], [4]]);
    const targets = Int32Array.of(0, 0, 0, 1, 1, 1);
    const boundary = (classWeights?: readonly number[]) => {
      const extra: Partial<SvcOptions> = classWeights ? { classWeights } : {};
      const { parameters, intercept } = trainSvc(mixed, targets, { ...options, C: 0.1, ...extra });
      const weight = sum(
        (parameters.coefficients[0] as number[]).map((a, k) => a * (parameters.supportVectors[k]?.[0] ?? 0)),
      );
      return -(intercept[0] as number) / weight;
    };
    expect(boundary([10, 1])).toBeGreaterThan(boundary() + 0.1);
  });
});

describe('columns as tables have them', () => {
  const random = seeded(5);
  const xs = Array.from({ length: 80 }, () => [random(), random(), random()]);
  const targets = Int32Array.from(xs, ([a = 0, b = 0, c = 0]) => (a * b + 0.3 * c + 0.2 * random() > 0.5 ? 1 : 0));
  const objectiveOf = (table: readonly number[][], options: Partial<SvcOptions> = {}): number => {
    const fit = trainSvc(rowsOf(table), targets, { kernel: rbf, C: 10, classes: 2, tolerance: 1e-6, ...options });
    expect(fit.converged).toBe(true);
    return fit.objective[0] as number;
  };
  const expectSame = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThan(1e-6 * Math.abs(b));

  it.each(['rbf', 'poly'] as const)('have any unit: %s kernel', (type) => {
    const options = { kernel: { ...rbf, type } };
    const other = xs.map((row) => row.map((value) => 1e14 * value));
    expectSame(objectiveOf(other, options), objectiveOf(xs, options));
  });

  it('lie anywhere', () => {
    const options = { kernel: { ...rbf, gamma: 2 } };
    const other = xs.map((row) => row.map((value) => value + 1e7));
    expectSame(objectiveOf(other, options), objectiveOf(xs, options));
  });

  // Its kernel with the others is zero wherever it lies, but no float32 tells the others apart at its scale.
  it('have one row far off', () => {
    const options = { kernel: { ...rbf, gamma: 2 } };
    const withRowAt = (x: number) => xs.map((row, i) => (i === 0 ? [x, 0, 0] : row));
    expectSame(objectiveOf(withRowAt(1e9), options), objectiveOf(withRowAt(100), options));
  });
});

describe('probabilities', () => {
  it('tell the share of a class where both overlap', () => {
    const random = seeded(7);
    const xs = Array.from({ length: 400 }, () => [random() * 4 - 2]);
    // P(1 | x) = 1 / (1 + exp(-2 x)) by construction.
    const targets = Int32Array.from(xs, ([x = 0]) => (random() < 1 / (1 + Math.exp(-2 * x)) ? 1 : 0));
    const fit = trainSvc(rowsOf(xs), targets, {
      kernel: { ...rbf, type: 'linear' },
      C: 1,
      classes: 2,
      probability: { seed: 1 },
    });
    const labels = parseLabels([0, 1]);
    const scorer = kinds.svm.build(fit.parameters, { width: 1, labels, where: 'parameters' });
    const p = scorer.score(rowsOf([[-1], [0], [1]])).get('predict_proba')?.data as Float64Array;
    const ofSecond = [p[1], p[3], p[5]] as number[];
    for (const [k, expected] of [0.119, 0.5, 0.881].entries())
      expect(Math.abs((ofSecond[k] as number) - expected)).toBeLessThan(0.08);
  });

  it('are the same for the same seed', () => {
    const random = seeded(3);
    const rows = rowsOf(Array.from({ length: 60 }, () => [random(), random()]));
    const targets = Int32Array.from({ length: 60 }, (_, k) => k % 3);
    const learned = () =>
      trainSvc(rows, targets, { kernel: rbf, C: 1, classes: 3, probability: { seed: 5 } }).parameters;
    expect(learned()).toEqual(learned());
  });
});

describe('what can not be learned', () => {
  it.each<[string, Int32Array, Partial<SvcOptions>, string]>([
    ['a class without a row', Int32Array.of(0, 0, 0), {}, 'targets must hold a row of class 1'],
    ['no rows', Int32Array.of(), {}, 'must hold at least one row'],
    ['C of 0', Int32Array.of(0, 1, 1), { C: 0 }, 'C must be > 0, got 0'],
    ['gamma below 0', Int32Array.of(0, 1, 1), { kernel: { ...rbf, gamma: -1 } }, 'gamma must be > 0, got -1'],
  ])('%s is refused', (_, targets, options, message) => {
    const rows = rowsOf(
      Array.from(targets, (_, k) => [k]),
      1,
    );
    expect(() => trainSvc(rows, targets, { kernel: rbf, C: 1, classes: 2, ...options })).toThrow(message);
  });

  it('is told by its gap where it takes too long', () => {
    const random = seeded(11);
    const rows = rowsOf(Array.from({ length: 50 }, () => [random()]));
    const targets = Int32Array.from({ length: 50 }, (_, k) => k % 2);
    const fit = trainSvc(rows, targets, { kernel: rbf, C: 1, classes: 2, maxIterations: 3 });
    expect(fit.converged).toBe(false);
    expect(fit.gap).toBeGreaterThan(0.01);
  });
});
