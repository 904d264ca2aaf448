import { describe, expect, it } from 'vitest';
import type { Answers } from '../../../../models/learning/answers.ts';
import { metricsOf } from '../../../../models/learning/evaluate.ts';
import { weightedMetrics } from '../../../../models/learning/report/weighted-metrics.ts';
import { expectClose } from '../../../closeness.ts';
import { referenceJson } from '../../../reference.ts';

type Case = Readonly<Record<string, number>> & { readonly weights: number[] };
interface Classes {
  readonly truth: number[];
  readonly predicted: number[];
  readonly cases: Case[];
}
const reference = referenceJson<{
  numbers: Classes;
  two: Classes & { score: number[] };
  three: Classes & { probabilities: number[][] };
}>('results/weighted-metrics.json');

const classes = ({ truth, predicted }: Classes, probabilities: number[][]): Answers => ({
  task: 'classification',
  truth: Int32Array.from(truth),
  predicted: Int32Array.from(predicted),
  labels: probabilities[0]?.map((_, k) => k) ?? [],
  positive: 1,
  probabilities: { classes: probabilities[0]?.length ?? 0, values: Float64Array.from(probabilities.flat()) },
});

const { numbers, two, three } = reference;
const answered: [string, Answers, readonly Case[]][] = [
  [
    'numbers',
    { task: 'regression', truth: Float64Array.from(numbers.truth), predicted: Float64Array.from(numbers.predicted) },
    numbers.cases,
  ],
  ['two classes, with equal scores', classes(two, two.score.map((p) => [1 - p, p])), two.cases], // biome-ignore format: a table
  ['three classes', classes(three, three.probabilities), three.cases],
];

describe.each(answered)('metrics of %s', (_, answers, cases) => {
  const metrics = weightedMetrics(answers);

  it('are those of scikit-learn where every row counts as often as it was drawn', () => {
    for (const { weights, ...expected } of cases) {
      expect(Object.keys(metrics).toSorted()).toEqual(Object.keys(expected).toSorted());
      for (const [name, value] of Object.entries(expected)) {
        expectClose(metrics[name]?.(Uint16Array.from(weights)) as number, value as number, 1e-12);
      }
    }
  });

  it('are the metrics of the whole where every row counts once', () => {
    const [{ weights }] = cases as [Case];
    const whole = metricsOf(answers).metrics;
    for (const [name, metric] of Object.entries(metrics))
      expectClose(metric(Uint16Array.from(weights)), whole[name] as number, 1e-12);
  });
});

describe('R2 of draws', () => {
  const metric = (predicted: number[]) =>
    weightedMetrics({
      task: 'regression',
      truth: Float64Array.of(0.1, 0.1, 0.1, 5),
      predicted: Float64Array.from(predicted),
    }).r2?.(Uint16Array.of(1, 1, 2, 0));

  it('of one value is 1 where it is met, and 0 where it is not: rounding is no spread', () => {
    expect(metric([0.1, 0.1, 0.1, 0])).toBe(1);
    expect(metric([0.1, 0.1, 0.2, 0])).toBe(0);
  });
});

it('a class that is not drawn has no area under its curve', () => {
  const [, answers] = answered[1] as [string, Answers, unknown];
  const onlyFirst = Uint16Array.from(answers.truth as Int32Array, (k) => Number(k === 0));
  const { auc, average_precision } = weightedMetrics(answers);
  expect([auc?.(onlyFirst), average_precision?.(onlyFirst)]).toEqual([Number.NaN, Number.NaN]);
});
