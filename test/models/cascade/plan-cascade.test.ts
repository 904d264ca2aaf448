import { describe, expect, it } from 'vitest';
import { planCascade } from '../../../models/cascade/plan-cascade.ts';
import { confidence, fitTemperature } from '../../../models/cascade/temperature.ts';
import { seeded } from '../../seeded.ts';

const two = (positive: readonly number[]) => ({
  classes: 2,
  values: Float64Array.from(positive.flatMap((p) => [1 - p, p])),
});
const everything = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

describe('the temperature', () => {
  it('is found where it was put in', () => {
    const next = seeded(7);
    const logits = Array.from({ length: 20_000 }, () => 6 * next() - 3);
    const truth = Int32Array.from(logits, (z) => Number(next() < 1 / (1 + Math.exp(-z))));
    for (const [temperature, tolerance] of [
      [0.5, 0.02],
      [1, 0.04],
      [3, 0.12],
    ] as const) {
      const stated = two(logits.map((z) => 1 / (1 + Math.exp(-z * temperature))));
      expect(Math.abs(fitTemperature(stated, truth, everything(truth.length)) - temperature)).toBeLessThan(tolerance);
    }
  });

  it('softens the largest probability', () => {
    const one = { classes: 3, values: Float64Array.of(0.7, 0.2, 0.1) };
    expect(confidence(one, 0, 1)).toBeCloseTo(0.7, 12);
    const soft = [0.7, 0.2, 0.1].map(Math.sqrt);
    expect(confidence(one, 0, 2)).toBeCloseTo((soft[0] as number) / soft.reduce((a, b) => a + b), 12);
    expect(confidence({ classes: 2, values: Float64Array.of(1, 0) }, 0, 1)).toBeCloseTo(1, 11);
  });
});

describe('a cascade', () => {
  // Sure and right, sure and wrong where the large one is right, unsure and wrong, unsure and right.
  const rows = {
    truth: Int32Array.of(1, 0, 0, 1),
    small: two([0.99, 0.95, 0.6, 0.55]),
    large: Int32Array.of(1, 0, 0, 0),
    folds: Int32Array.of(0, 0, 1, 1),
  };
  const plan = planCascade(rows, 0.5);

  it('keeps the most confident rows first, and says how many, how right, and where asking would have helped', () => {
    expect(plan.steps.map(({ kept, accuracy, harmed }) => [kept.count, accuracy, harmed.count, harmed.of])).toEqual([
      [1, 0.75, 0, 1],
      [2, 0.5, 1, 2],
      [3, 0.25, 2, 3],
      [4, 0.5, 2, 4],
    ]);
    expect(plan.accuracy).toEqual({ small: 0.5, large: 0.75 });
  });

  it('bounds the share of harmed rows by Clopper and Pearson', () => {
    // Of n rows none was harmed: the bound is 1 - 0.05^(1/n).
    expect(plan.steps[0]?.harmedAtMost).toBeCloseTo(1 - 0.05, 9);
    const many = 300;
    const good = {
      truth: new Int32Array(many),
      small: two(Array.from({ length: many }, (_, i) => 0.001 * (i + 1))),
      large: new Int32Array(many),
      folds: Int32Array.from({ length: many }, (_, i) => i % 5),
    };
    const { steps, chosen } = planCascade(good, 0.01);
    expect(steps.at(-1)?.harmedAtMost).toBeCloseTo(1 - 0.05 ** (1 / many), 9);
    expect(chosen).toBe(steps.at(-1));
  });

  it('is none where no share of rows is safe enough', () => {
    expect(plan.chosen).toBeUndefined();
    // Two harmed of four: at most 0.9024.
    expect(planCascade(rows, 0.903).chosen?.kept.count).toBe(4);
    expect(planCascade(rows, 0.902).chosen).toBeUndefined();
  });

  it('treats rows of one confidence alike', () => {
    const alike = {
      ...rows,
      small: two([0.9, 0.1, 0.9, 0.9]),
      truth: Int32Array.of(1, 1, 1, 1),
      folds: new Int32Array(4),
    };
    expect(planCascade({ ...alike, folds: Int32Array.of(0, 1, 0, 1) }, 1).steps.at(-1)?.kept.count).toBe(4);
  });
});
