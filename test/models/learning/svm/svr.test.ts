import { describe, expect, it } from 'vitest';
import { kinds } from '../../../../models/kinds/kinds.ts';
import { trainSvr } from '../../../../models/learning/svm/svr.ts';
import { referenceJson } from '../../../reference.ts';
import { preparedBy, referenceTable } from '../../../reference-table.ts';
import { rowsOf } from '../../../rows.ts';

interface Reference {
  readonly gamma: number;
  readonly nSV: number;
  readonly intercept: number[];
  readonly pred_test: number[];
  readonly libsvm_cli: { readonly obj: number[] };
}

const kernel = { type: 'rbf', gamma: 'scale', degree: 3, coef0: 0 } as const;
const { models } = referenceJson<{ models: Record<string, Reference> }>('results/diabetes_raw.json');

describe('support vector regression of diabetes', () => {
  it.each(Object.entries(models).filter(([key]) => key.startsWith('SVR')))(
    '%s is as good as the reference',
    async (key, reference) => {
      const { train, test } = await referenceTable('diabetes_raw');
      const recipe = key.endsWith('standardised') ? 'standard' : 'none';
      const rows = preparedBy(recipe, train);
      const fit = trainSvr(rows, train.targets, { kernel, C: Number(/C(\d+)/.exec(key)?.[1]), epsilon: 0.1 });
      const [expected] = reference.libsvm_cli.obj as [number];
      expect(fit.objective).toBeLessThanOrEqual(expected + 1e-6 * Math.abs(expected));
      expect(fit.gamma).toBeCloseTo(reference.gamma, 12);
      expect(Math.abs(fit.supportIndices.length - reference.nSV)).toBeLessThanOrEqual(2);
      const scorer = kinds.svm.build(fit.parameters, { width: rows.width, labels: undefined, where: 'parameters' });
      const predicted = scorer.score(preparedBy(recipe, train, test)).get('predict')?.data as Float64Array;
      for (const [row, value] of reference.pred_test.entries())
        expect(Math.abs((predicted[row] as number) - value)).toBeLessThan(1e-2);
    },
  );
});

describe('the tube', () => {
  // Targets 0, 1, 2 over x = 0, 1, 2: with epsilon 0.5 the flattest line within the tube has slope 0.5 (by hand).
  it('leaves errors within it alone, so that the line is as flat as it may be', () => {
    const fit = trainSvr(rowsOf([[0], [1], [2]]), Float64Array.of(0, 1, 2), {
      kernel: { ...kernel, type: 'linear' },
      C: 1_000,
      epsilon: 0.5,
    });
    const [weights = []] = fit.parameters.coefficients;
    const slope = weights.reduce((sum, b, k) => sum + b * (fit.parameters.supportVectors[k]?.[0] ?? 0), 0);
    expect(slope).toBeCloseTo(0.5, 3);
    expect(fit.intercept).toBeCloseTo(0.5, 3);
  });

  it.each([-0.1, Number.NaN])('refuses epsilon %s', (epsilon) =>
    expect(() => trainSvr(rowsOf([[0]]), Float64Array.of(1), { kernel, C: 1, epsilon })).toThrow(
      'epsilon must be >= 0',
    ),
  );
});
