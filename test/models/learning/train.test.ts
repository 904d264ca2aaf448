import { describe, expect, it } from 'vitest';
import { inspect } from '../../../models/formats/inspect.ts';
import { seeded } from '../../seeded.ts';
import { tableOf, times, trainOn } from './tables.ts';

const next = seeded(9);
const x = times(60, next);
const y = x.map((value) => 3 * value + next());
const recipe = { target: 'y', kind: 'ridge' } as const;

const contentOf = (model: object) =>
  inspect({ name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(model)) }).content;

describe('the card of a trained model', () => {
  it('says what it was made of, and what is known of it', () => {
    const { model } = trainOn(tableOf({ x, y }), { ...recipe, seed: 7 });
    expect(contentOf(model)).toMatchObject({
      card: {
        target: 'y',
        data: { name: 'made.csv', sha256: 'a'.repeat(64), rows: 60 },
        split: '20 % of the rows, at random, seed 7',
        seed: 7,
        algorithm: 'ridge',
        verdict: expect.stringContaining('guessing'),
      },
      metrics: {
        test: { rmse: expect.any(Number) },
        train: { rmse: expect.any(Number) },
        baseline: { rmse: expect.any(Number) },
      },
      baseline: { rows: 48, features: [{ name: 'x' }] },
      residuals: { count: 48, folds: 5 },
    });
  });

  it('says what it is for where somebody has said so, and else nothing', () => {
    const said = { intendedUse: 'to price houses', limits: 'not for castles' };
    expect(trainOn(tableOf({ x, y }), { ...recipe, ...said }).model.card).toMatchObject(said);
    const { card } = trainOn(tableOf({ x, y }), recipe).model;
    expect(Object.keys(card ?? {})).not.toEqual(expect.arrayContaining(['intendedUse']));
    expect(card).not.toHaveProperty('limits');
  });

  it('says of every null why', () => {
    const { model, result } = trainOn(tableOf({ x, y: y.map((value, i) => (i === 3 ? 0 : value)) }), recipe, {
      train: Int32Array.from(times(50, (i) => i)),
      test: Int32Array.from(times(10, (i) => 50 + i)),
    });
    expect(result.trainMetrics.mape).toBeNull();
    expect(result.metrics.mape).not.toBeNull();
    expect(result.reasons).toEqual({ 'train.mape': expect.stringContaining('0 in some row') });
    expect(contentOf(model).metrics?.reasons).toEqual(result.reasons);
    for (const of of ['test', 'train', 'baseline'] as const)
      for (const [name, value] of Object.entries(model.metrics?.[of] ?? {}))
        expect(value !== null || model.metrics?.reasons?.[`${of}.${name}`] !== undefined).toBe(true);
  });

  it('has no interval of what has no value', () => {
    const { model } = trainOn(tableOf({ x, y }), recipe, { test: Int32Array.of(4) });
    expect(model.metrics?.test?.r2).toBeNull();
    expect(model.metrics?.intervals).toEqual({});
    expect(model.card?.verdict).toContain('too few test rows');
  });
});

it('what is looked at is named where rows were stated: nothing was parted at random', () => {
  const table = tableOf({ x, day: times(60, (i) => `2024-01-${String(1 + (i % 28)).padStart(2, '0')}`), y });
  const rules = (chosen = {}) => trainOn(table, recipe, chosen).findings.leaks.map(({ rule }) => rule);
  expect(rules()).toContain('date-at-random');
  expect(rules({ test: Int32Array.from(times(12, (i) => i)) })).not.toContain('date-at-random');
});
