import { describe, expect, test } from 'vitest';
import { baselineOf, baselineOfFrame } from '../../../models/baseline.ts';
import { binAmong } from '../../../models/bin-among.ts';
import { seededRandom } from '../../../models/learning/random.ts';
import { INPUT } from '../../../models/native.ts';
import { fp64, type Tensor, type Tensors } from '../../../models/tensor.ts';
import { inputBinner } from '../../../models/watch/bins.ts';
import { chanceIndex, driftOf, stabilityIndex } from '../../../models/watch/drift.ts';

describe('the bins of a baseline', () => {
  test('are the deciles of numpy, each once, with open ends', () => {
    const values = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4);
    const [feature] = baselineOf(['x'], { count: 20, width: 1, values }).features;
    // np.unique(np.quantile(x, np.arange(1, 10) / 10)), and np.bincount(np.searchsorted(edges, x, side='left')).
    expect(feature).toMatchObject({ counts: [2, 2, 4, 0, 2, 3, 1, 3, 3, 0] });
    const { edges = [] } = feature as { edges?: number[] };
    for (const [k, edge] of [1.9, 2.8, 3, 3.6, 4.5, 5, 6.3, 8, 9].entries()) expect(edges[k]).toBeCloseTo(edge, 12);
  });

  test('are few where many values are the same', () => {
    // All deciles but the last are 0, and that one is 89.1.
    const values = Float64Array.from({ length: 100 }, (_, i) => (i < 85 ? 0 : i));
    const [feature] = baselineOf(['x'], { count: 100, width: 1, values }).features;
    expect(feature).toMatchObject({ counts: [85, 5, 10] });
  });

  test('take a value that is an edge into the lower bin', () => {
    expect([0, 1, 1.5, 2, 3].map((value) => binAmong([1, 2], value))).toEqual([0, 0, 1, 1, 2]);
    expect(binAmong([], 7)).toBe(0);
  });
});

describe('the stability index', () => {
  const training = [10, 12, 9, 11, 10, 10, 8, 14, 10, 6, 0];
  const served = [30, 40, 22, 50, 41, 38, 27, 61, 45, 300, 12];

  test('is as numpy reckons it, and so is what chance exceeds', () => {
    expect(stabilityIndex(training, served)).toBeCloseTo(1.0331907716195823, 12);
    expect(chanceIndex(100, 666, 11)).toBeCloseTo(0.340309858992898, 12);
  });

  test('is 0 of equal shares', () => {
    expect(stabilityIndex([5, 5], [5, 5])).toBe(0);
  });
});

const features = ['a', 'b'];

const random = seededRandom(3);
const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
const baseline = baselineOf(features, { count: 2_000, width: 2, values: Float64Array.from({ length: 4_000 }, normal) });

/** What is found of rows whose first feature is drawn so, against 2,000 training rows of a normal distribution. */
function found(rows: number, draw: () => number) {
  const binner = inputBinner({ features }, baseline);
  const values = Float64Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? draw() : normal()));
  binner?.add(new Map([[INPUT, fp64([rows, 2], values)]]));
  return driftOf(baseline, binner?.counts());
}

describe('drift', () => {
  test('is found where a feature moves, of that feature alone', () => {
    const drift = found(1_000, () => normal() + 1);
    expect(drift).toMatchObject({
      rows: 1_000,
      verdict: 'drifted',
      features: [
        { feature: 'a', verdict: 'drifted' },
        { feature: 'b', verdict: 'steady' },
      ],
    });
    expect(drift?.features[0]?.words).toContain('otherwise than in training');
  });

  test('is none where the rows are few, and says so', () => {
    const drift = found(20, normal);
    expect(drift?.verdict).toBe('too few rows');
    expect(drift?.features[0]?.words).toContain('with 20, chance alone');
  });

  test('is found in few rows where there is nothing else left', () => {
    expect(found(60, () => 50)?.features[0]?.verdict).toBe('drifted');
  });

  test('is no alarm in 500 samples of 100 rows of the same distribution, of which many exceed an index of 0.1', () => {
    let [alarms, notable] = [0, 0];
    for (let sample = 0; sample < 500; sample++) {
      const { features: each = [] } = found(100, normal) ?? {};
      alarms += Number(each.some(({ verdict }) => verdict === 'drifted'));
      notable += Number((each[0]?.psi ?? 0) > 0.1);
    }
    expect(alarms).toBeLessThanOrEqual(5);
    expect(notable).toBeGreaterThan(100);
  });

  test('is nothing where nobody asked, or the model knows no bins', () => {
    expect(found(0, normal)).toBeUndefined();
    const bare = { rows: 5, features: [{ name: 'a', min: 0, max: 1, mean: 0 }] };
    expect(inputBinner({ features: ['a'] }, bare)).toBeUndefined();
    expect(driftOf(bare, { rows: 3, bins: [[]] })).toBeUndefined();
  });
});

test('texts fall into their categories, among the others, or are missing', () => {
  const mixed = baselineOfFrame({
    count: 5,
    columns: [
      { name: 'city', type: 'text', values: ['Oslo', 'Oslo', 'Rome', null, 'Rome'] },
      { name: 'x', type: 'number', values: Float64Array.of(1, 1, 1, 1, Number.NaN) },
    ],
  });
  const binner = inputBinner({ features: ['city', 'x'], types: { city: 'text' } }, mixed);
  const utf8 = new TextEncoder();
  const inputs: Tensors = new Map<string, Tensor>([
    ['city', { datatype: 'BYTES', shape: [4], data: ['Rome', 'Paris', '', 'Oslo'].map((text) => utf8.encode(text)) }],
    ['x', fp64([4], Float64Array.of(1, 2, Number.NaN, 0))],
  ]);
  binner?.add(inputs);
  binner?.add(inputs);
  // Oslo, Rome, others, missing; up to 1, above, missing.
  expect(binner?.counts()).toEqual({
    rows: 8,
    bins: [
      [2, 2, 2, 2],
      [4, 2, 2],
    ],
  });
});
