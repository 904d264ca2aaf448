import { describe, expect, test } from 'vitest';
import { type Candidate, qualityBeside, qualityOf } from '../../../models/compare/quality.ts';
import type { Frame } from '../../../models/frame.ts';
import { parseLabels } from '../../../models/labels.ts';
import { seededRandom } from '../../../models/learning/random.ts';
import { fp64, type Tensor } from '../../../models/tensor.ts';

const utf8 = new TextEncoder();

const numbers = (values: readonly number[]): Candidate => ({
  outputs: new Map<string, Tensor>([['predict', fp64([values.length], Float64Array.from(values))]]),
});

const classes = (
  labels: readonly string[],
  answers: readonly string[],
  probabilities?: readonly number[],
): Candidate => ({
  labels: parseLabels(labels),
  outputs: new Map<string, Tensor>([
    ['predict', { datatype: 'BYTES', shape: [answers.length], data: answers.map((label) => utf8.encode(label)) }],
    ...(probabilities
      ? ([['predict_proba', fp64([answers.length, labels.length], Float64Array.from(probabilities))]] as const)
      : []),
  ]),
});

const tableOf = (values: readonly (number | string)[]): Frame => ({
  count: values.length,
  columns: [
    typeof values[0] === 'number'
      ? { name: 'y', type: 'number', values: Float64Array.from(values as number[]) }
      : { name: 'y', type: 'text', values: values as string[] },
  ],
});

const beside = (candidate: Candidate, serving: Candidate, truth: readonly (number | string)[]) =>
  qualityBeside(candidate, { ...serving, version: 3 }, tableOf(truth), 'y');

describe('quality on labelled rows', () => {
  test('is the root of the mean squared error of numbers', () => {
    expect(qualityOf(numbers([1, 2, 5]), tableOf([1, 4, 4]), 'y')).toEqual({
      metric: 'rmse',
      rows: 3,
      value: Math.sqrt(5 / 3),
    });
  });

  test('is the log loss where both state probabilities, the labels in whatever order', () => {
    const own = classes(['a', 'b'], ['a', 'b'], [0.8, 0.2, 0.4, 0.6]);
    const other = classes(['b', 'a'], ['a', 'b'], [0.5, 0.5, 0.5, 0.5]);
    const found = beside(own, other, ['a', 'b']);
    expect(found.metric).toBe('log loss');
    expect(found.value).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(found.serving?.value).toBeCloseTo(Math.log(2), 12);
  });

  test('is the error rate where one states no probabilities', () => {
    const found = beside(classes(['a', 'b'], ['a', 'a'], [1, 0, 1, 0]), classes(['a', 'b'], ['b', 'a']), ['a', 'b']);
    expect(found).toMatchObject({ metric: 'error rate', value: 0.5, serving: { value: 1, gain: 0.5 } });
  });

  test('gives a label that a version does not know no probability there', () => {
    const found = beside(classes(['a', 'c'], ['a', 'c'], [1, 0, 0, 1]), classes(['a', 'b'], ['a', 'a'], [1, 0, 1, 0]), [
      'a',
      'c',
    ]);
    expect(found.serving?.value).toBeCloseTo(-Math.log(Number.EPSILON) / 2, 9);
  });

  test('is held against no version that answers something of another kind', () => {
    expect(() => beside(numbers([1]), classes(['a', 'b'], ['a']), [1])).toThrow('numbers');
  });
});

describe('a new version beside the serving one', () => {
  const { next } = seededRandom(11);
  const truth = Array.from({ length: 400 }, () => (next() < 0.5 ? 'a' : 'b'));
  /** Right with this probability, and as sure of it. */
  const answering = (right: number): Candidate => {
    const answers = truth.map((label) => (next() < right ? label : label === 'a' ? 'b' : 'a'));
    return classes(
      ['a', 'b'],
      answers,
      answers.flatMap((label) => (label === 'a' ? [0.9, 0.1] : [0.1, 0.9])),
    );
  };
  const good = answering(0.95);

  test('that is worse is shown to be, with the interval that theory gives', () => {
    const bad = answering(0.8);
    const found = beside(bad, good, truth);
    expect(found.serving?.isWorse).toBe(true);
    const losses = (side: Candidate) => {
      const values = (side.outputs.get('predict_proba') as Tensor).data as Float64Array;
      return truth.map((label, row) => -Math.log(values[2 * row + Number(label === 'b')] as number));
    };
    const [own, other] = [losses(bad), losses(good)];
    const gaps = own.map((loss, row) => (other[row] as number) - loss);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    const half = (1.96 * deviation) / Math.sqrt(gaps.length);
    expect(found.serving?.gain).toBeCloseTo(mean, 12);
    const [low = 0, high = 0] = found.serving?.interval ?? [];
    expect(Math.abs(low - (mean - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(high - (mean + half))).toBeLessThan(0.1 * half);
  });

  test('that is better, the same, or not shown to differ is not worse', () => {
    for (const side of [answering(0.99), good, answering(0.94)]) {
      expect(beside(side, good, truth).serving?.isWorse).toBe(false);
    }
  });
});
