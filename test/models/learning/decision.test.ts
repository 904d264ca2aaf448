import { describe, expect, it } from 'vitest';
import { modelJson } from '../../../models/formats/model-json.ts';
import { answersOf } from '../../../models/learning/answers.ts';
import { cheapestThreshold, costSteps } from '../../../models/learning/costs.ts';
import type { Recipe } from '../../../models/learning/recipe.ts';
import { seeded } from '../../seeded.ts';
import { tableOf, times, trainOn } from './tables.ts';

const probabilities = (...scores: number[]) => ({
  classes: 2,
  values: Float64Array.from(scores.flatMap((p) => [1 - p, p])),
});
const truth = Int32Array.of(0, 1, 0, 1, 1);
const scores = probabilities(0.1, 0.3, 0.3, 0.6, 0.9);

describe('the cost of a threshold', () => {
  it('is that of its wrong answers, from threshold to threshold', () =>
    expect(costSteps(truth, scores, 1, { falsePositive: 1, falseNegative: 5 })).toEqual([
      { above: 0, to: 0.1, cost: 2 / 5 },
      { above: 0.1, to: 0.3, cost: 1 / 5 },
      { above: 0.3, to: 0.6, cost: 5 / 5 },
      { above: 0.6, to: 0.9, cost: 10 / 5 },
      { above: 0.9, to: 1, cost: 15 / 5 },
    ]));

  it('is by brute force the mean over the rows', () => {
    const next = seeded(3);
    const [random, sure] = [
      Int32Array.from(times(60, () => Number(next() < 0.4))),
      times(60, () => Math.round(next() * 20) / 20),
    ];
    const costs = { falsePositive: 2, falseNegative: 3 };
    const steps = costSteps(random, probabilities(...sure), 1, costs);
    for (const threshold of [0.01, 0.05, 0.33, 0.5, 0.95, 1]) {
      const brute = random.reduce((sum, is, row) => {
        const says = (sure[row] as number) >= threshold;
        return sum + (says && !is ? 2 : !says && is ? 3 : 0);
      }, 0);
      const step = steps.find(({ above, to }) => above < threshold && threshold <= to);
      expect(step?.cost).toBeCloseTo(brute / 60, 12);
    }
  });

  it('is least at the threshold that is chosen', () => {
    const costs = { falsePositive: 1, falseNegative: 5 };
    // Between 0.1 and 0.3 lies where calibrated probabilities would have it: 1 / 6.
    expect(cheapestThreshold(costSteps(truth, scores, 1, costs), costs)).toBe(1 / 6);
    const dear = { falsePositive: 9, falseNegative: 1 };
    // 9 / 10 lies outside of 0.3 to 0.6, the only thresholds without a false positive and with but one miss.
    expect(cheapestThreshold(costSteps(truth, scores, 1, dear), dear)).toBeCloseTo(0.45, 12);
  });

  it('is of the class that is looked for', () => {
    const costs = { falsePositive: 1, falseNegative: 1 };
    const steps = costSteps(truth, scores, 0, costs);
    expect(steps[0]).toMatchObject({ above: 0, cost: 3 / 5 });
    expect(steps.at(-1)).toMatchObject({ to: 1, cost: 2 / 5 });
  });
});

/** One column whose classes overlap. */
const next = seeded(6);
const x = times(400, () => 4 * next() - 2);
const y = x.map((value) => (next() < 1 / (1 + Math.exp(-2 * value)) ? 'yes' : 'no'));
const table = tableOf({ x, y });
const recipe: Recipe = { target: 'y', kind: 'logistic' };

const says = (model: object, positive: string) => {
  const served = modelJson.read({ name: 'm', bytes: new TextEncoder().encode(JSON.stringify(model)) }, {});
  const answers = answersOf(served, tableOf({ x }).frame, new Int32Array(400));
  if (answers.task !== 'classification' || !answers.probabilities) throw new TypeError('no classifier');
  const position = answers.labels.map(String).indexOf(positive);
  const values = answers.probabilities.values;
  return times(400, (row) => ({
    answered: answers.labels[answers.predicted[row] as number],
    p: values[2 * row + position] as number,
  }));
};

describe('a trained decision', () => {
  it('follows a stated threshold, and is measured by it', () => {
    const { model, result } = trainOn(table, { ...recipe, positive: 'yes', threshold: 0.9 });
    expect(model).toMatchObject({ positive: 'yes', threshold: 0.9, card: { threshold: 'stated' } });
    for (const { answered, p } of says(model, 'yes')) expect(answered).toBe(p >= 0.9 ? 'yes' : 'no');
    expect(result.metrics.accuracy).toBeLessThan(trainOn(table, recipe).result.metrics.accuracy as number);
    expect(model.examples?.[0]?.outputs).toHaveProperty('predict');
  });

  it('may look for the first class', () => {
    const { model, result } = trainOn(table, { ...recipe, positive: 'no', threshold: 0.2 });
    for (const { answered, p } of says(model, 'no')) expect(answered).toBe(p >= 0.2 ? 'no' : 'yes');
    // The area under the ROC curve knows no side; average precision does.
    const other = trainOn(table, { ...recipe, positive: 'yes' });
    expect(result.metrics.auc).toBe(other.result.metrics.auc);
    expect(result.metrics.average_precision).not.toBe(other.result.metrics.average_precision);
    expect(other.model).not.toHaveProperty('threshold');
  });

  it('is chosen by costs near where calibrated probabilities have it', () => {
    const { model } = trainOn(table, { ...recipe, costFalsePositive: 1, costFalseNegative: 9 });
    expect(Math.abs((model.threshold as number) - 0.1)).toBeLessThan(0.08);
    expect(model.positive).toBe('yes');
    expect(model.card?.threshold).toContain('training rows out of fold, where a false positive costs 1');
  });

  it('is never chosen on test rows: what they hold changes nothing', () => {
    const chosen = { train: Int32Array.from(times(300, (i) => i)), test: Int32Array.from(times(100, (i) => 300 + i)) };
    const turned = y.map((label, i) => (i < 300 ? label : label === 'yes' ? 'no' : 'yes'));
    const costs: Recipe = { ...recipe, costFalseNegative: 4 };
    const [one, other] = [tableOf({ x, y }), tableOf({ x, y: turned })].map((made) => trainOn(made, costs, chosen));
    expect(one?.model.threshold).toBe(other?.model.threshold);
    expect(one?.result.metrics.accuracy).not.toBe(other?.result.metrics.accuracy);
  });

  it('shows its costs in the report', () => {
    const { report } = trainOn(table, { ...recipe, costFalseNegative: 4 });
    const { threshold } = report();
    expect(threshold).toMatchObject({
      positive: 'yes',
      costs: { falsePositive: 1, falseNegative: 4 },
      from: expect.stringContaining('out of fold'),
    });
    expect([threshold?.curve[0]?.[0], threshold?.curve.at(-1)?.[0]]).toEqual([0, 1]);
  });

  const three = tableOf({ x, y: times(400, (i) => 'abc'[i % 3] as string) });
  const numbers = tableOf({ x, y: x.map((value) => value + next()) });
  it.each<[string, Parameters<typeof trainOn>[0], Recipe, string]>([
    [
      'a positive that is no class',
      table,
      { ...recipe, positive: 'maybe' },
      'positive must be one of the classes no, yes, got "maybe"',
    ],
    [
      'a threshold of three classes',
      three,
      { ...recipe, threshold: 0.4 },
      'threshold is for a target of two classes, got 3',
    ],
    ['a positive of three classes', three, { ...recipe, positive: 'a' }, 'positive is for a target of two classes'],
    [
      'costs of a regression',
      numbers,
      { target: 'y', kind: 'ridge', costFalseNegative: 3 },
      'costFalseNegative is not of ridge, but of logistic and svc',
    ],
    [
      'a threshold without probabilities',
      table,
      { target: 'y', kind: 'svc', threshold: 0.4 },
      'threshold needs probabilities, which --probability fits',
    ],
    [
      'a threshold and costs',
      table,
      { ...recipe, threshold: 0.4, costFalsePositive: 2 },
      'threshold must be absent where costs choose it',
    ],
  ])('refuses %s', (_, made, stated, told) => expect(() => trainOn(made, stated)).toThrow(told));
});
