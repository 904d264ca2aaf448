import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspect } from '../../../../models/formats/inspect.ts';
import { affineExplainer } from '../../../../models/kinds/explain/affine-explainer.ts';
import type { Explainer } from '../../../../models/kinds/explain/explainer.ts';
import { gaussLegendre } from '../../../../models/kinds/explain/gauss-legendre.ts';
import { rbfExplainer } from '../../../../models/kinds/explain/rbf-explainer.ts';
import { svmExplaining } from '../../../../models/kinds/explain/svm-explainer.ts';
import { svmScorer } from '../../../../models/kinds/svm.ts';
import type { ClassifierSvm } from '../../../../models/kinds/svm-machine.ts';
import { parseLabels } from '../../../../models/labels.ts';
import { expectClose } from '../../../closeness.ts';
import { referenceFile, referenceJson } from '../../../reference.ts';
import { rowsOf } from '../../../rows.ts';
import { shapley } from './shapley.ts';

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, value) => total + value, 0);

describe("Gauss and Legendre's quadrature", () => {
  test('has the nodes and weights that the tables have', () => {
    // Abramowitz and Stegun, table 25.4, n = 5, moved from [-1, 1] to [0, 1].
    const { nodes, weights } = gaussLegendre(5);
    expectClose(
      [...nodes].map((t) => 2 * t - 1),
      [-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664],
      1e-14,
    );
    expectClose(
      [...weights].map((w) => 2 * w),
      [0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189],
      1e-14,
    );
  });

  test.each([1, 2, 7, 32, 392])('with %i nodes integrates t^(2n-1) exactly', (n) => {
    const { nodes, weights } = gaussLegendre(n);
    expectClose(sum(weights), 1, 1e-13);
    expectClose(sum([...nodes].map((t, i) => (weights[i] as number) * t ** (2 * n - 1))), 1 / (2 * n), 1e-12);
  });
});

const number = fc.double({ min: -3, max: 3, noNaN: true });
const rowsOfWidth = (count: number, width: number) =>
  fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: count, maxLength: count });

const expansion = fc.integer({ min: 1, max: 7 }).chain((width) =>
  fc.record({
    vectors: rowsOfWidth(4, width),
    coefficients: fc.array(number, { minLength: 4, maxLength: 4 }),
    x: fc.array(number, { minLength: width, maxLength: width }),
    means: fc.array(number, { minLength: width, maxLength: width }),
    gamma: fc.double({ min: 0.01, max: 2, noNaN: true }),
  }),
);

describe('an RBF kernel expansion', () => {
  test('is split into its Shapley values, as their definition over all subsets has them', () => {
    fc.assert(
      fc.property(expansion, ({ vectors, coefficients, x, means, gamma }) => {
        const rho = 0.3;
        const f = (row: Float64Array): number =>
          sum(
            vectors.map(
              (vector, i) =>
                (coefficients[i] as number) *
                Math.exp(-gamma * sum(vector.map((v, j) => ((row[j] as number) - v) ** 2))),
            ),
          ) - rho;
        const { x: here, b } = { x: Float64Array.from(x), b: Float64Array.from(means) };
        const into = new Float64Array(x.length);
        const explainer = rbfExplainer(
          { gamma, vectors: rowsOf(vectors), coefficients: Float64Array.from(coefficients), rho: Float64Array.of(rho) },
          'decision',
        )(b);
        const { base, value } = explainer.explain(here, 0, 0, into);
        expectClose([...into], shapley(f, here, b), 1e-12);
        expectClose([base, value], [f(b), f(here)], 1e-12);
      }),
      { numRuns: 200 },
    );
  });

  test('keeps its sum where a factor of the product is nothing', () => {
    const explainer = rbfExplainer(
      { gamma: 1000, vectors: rowsOf([[0, 0, 5]]), coefficients: Float64Array.of(1), rho: Float64Array.of(0) },
      'decision',
    )(Float64Array.of(0, 9, 5));
    const into = new Float64Array(3);
    const { base, value } = explainer.explain(Float64Array.of(0, 0, 5), 0, 0, into);
    expectClose([base, value, ...into], [0, 1, 0, 1, 0], 1e-12);
  });
});

test('affine functions are split into weights times distances from the means', () => {
  const functions = { width: 2, weights: Float64Array.of(1, 2, 3, 8), intercept: Float64Array.of(1, 3) };
  const into = new Float64Array(2);
  const plain = affineExplainer(functions, 'value')(Float64Array.of(10, 20));
  expect(plain.explain(Float64Array.of(0, 11, 19), 1, 0, into)).toEqual({ base: 51, value: 50 });
  expect([...into]).toEqual([1, -2]);
  const centred = affineExplainer(functions, 'value', true)(Float64Array.of(10, 20));
  expect(centred.explain(Float64Array.of(11, 19), 0, 1, into)).toEqual({ base: 1 + 10 + 60, value: 1 + 11 + 57 });
  expect([...into]).toEqual([1, -3]);
});

describe('a classifier of three classes', () => {
  const svm = (name: 'linear' | 'rbf'): ClassifierSvm => ({
    type: 'c_svc',
    labels: parseLabels(['a', 'b', 'c']),
    kernel: name === 'rbf' ? { name, gamma: 0.4 } : { name },
    vectors: rowsOf([
      [1, 0],
      [0, 1],
      [-1, 1],
      [2, 2],
      [0.5, -1],
    ]),
    vectorsPerClass: [2, 2, 1],
    coefficients: Float64Array.of(0.3, 0.2, -0.5, -0.4, -0.1, 0.7, 0.6, 0.9, 0.8, -0.2),
    rho: Float64Array.of(0.1, -0.2, 0.3),
    toward: 0,
  });

  test.each(['linear', 'rbf'] as const)(
    'explains one class against the others as the sum of its %s decisions',
    (name) => {
      const x = [0.7, -0.4];
      const decisions = svmScorer(svm(name))
        .score(rowsOf([x]))
        .get('decision_function')?.data as Float64Array;
      const [ab, ac, bc] = decisions as unknown as [number, number, number];
      const explainer = svmExplaining(svm(name))?.(Float64Array.of(0.1, 0.2));
      const values = [0, 1, 2].map((k) => {
        const into = new Float64Array(2);
        const { base, value } = (explainer as Explainer).explain(Float64Array.from(x), 0, k, into);
        expectClose(base + sum(into), value, 1e-12);
        return value;
      });
      expectClose(values, [ab + ac, bc - ab, -ac - bc], 1e-12);
    },
  );
});

describe('trees', () => {
  interface Answers {
    readonly input: (number | null)[][];
    readonly margin: number[] | number[][];
    readonly contributions: number[][] | number[][][];
  }

  test.each(['squarederror', 'binary', 'dart', 'forest', 'categories', 'softprob', 'early-stopped', 'gamma'])(
    "of %s.json are split as XGBoost's own pred_contribs splits them",
    (name) => {
      const { model } = inspect(referenceFile(`models/xgboost/${name}.json`));
      const { input, margin, contributions } = referenceJson<Answers>(`models/xgboost/${name}.json.expected.json`);
      const explainer = model.scorer.explaining?.(undefined);
      const width = model.features.length;
      const several = Array.isArray(margin[0]);
      for (const [row, values] of input.entries()) {
        const whole = Float64Array.from(values, (value) => value ?? Number.NaN);
        const expected = (several ? contributions[row] : [contributions[row]]) as number[][];
        for (const [target, theirs] of expected.entries()) {
          const into = new Float64Array(width);
          // Of two classes the margin speaks for the second.
          const position = !several && model.labels ? 1 : target;
          const { base, value } = (explainer as Explainer).explain(whole, 0, position, into);
          expectClose([...into, base], theirs, 1e-5);
          expectClose(base + sum(into), value, 1e-9);
        }
      }
    },
  );
});
