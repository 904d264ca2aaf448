import { describe, expect, it } from 'vitest';
import { learn, readSplit } from '../../../examples/linear-regression/example.ts';
import { gradientDescent } from '../../../models/learning/gradient-descent.ts';
import { expectClose } from '../../closeness.ts';
import { referenceJson } from '../../reference.ts';
import { rowsOf } from '../../rows.ts';

type Run = { readonly theta: number[]; readonly predictions: number[] };
const seed = referenceJson<Record<string, Run>>('data/seed.json');
const { train } = await readSplit();
const descend = (rate: number, iterations: number) => gradientDescent(train.rows, train.targets, { rate, iterations });
const theta = (fit: ReturnType<typeof descend>) => [fit.intercept, ...fit.coefficients];
const asked = (fit: ReturnType<typeof descend>) =>
  [2, 3, 4, 5].map((x) => fit.intercept + (fit.coefficients[0] ?? 0) * x);

describe('gradient descent on the worked example', () => {
  it('is where it should be after 1000 steps', () => {
    const fit = descend(0.01, 1000);
    expectClose(theta(fit), seed.corrected_1000_iterations?.theta ?? [], 1e-8);
    expectClose(asked(fit), seed.corrected_1000_iterations?.predictions ?? [], 1e-8);
    expect(fit.diverged).toBe(false);
  });

  it('reaches least squares after 100,000', () => {
    const fit = descend(0.01, 100_000);
    const { exact } = learn(train);
    expectClose(theta(fit), seed.corrected_100000_iterations_equals_least_squares?.theta ?? [], 1e-8);
    expectClose(theta(fit), [exact.intercept, ...exact.coefficients], 1e-8);
  });

  it('lowers its loss with every step', () => {
    const { losses } = descend(0.01, 1000);
    expect(losses).toHaveLength(1001);
    expect(losses.every((loss, step) => step === 0 || loss < (losses[step - 1] as number))).toBe(true);
  });

  it('runs away with the sign of the gradient wrong, and says so', () => {
    const fit = descend(-0.01, 1000);
    const printed = seed.as_printed_with_the_sign_of_the_gradient_wrong;
    expectClose(theta(fit), printed?.theta ?? [], 1e-12);
    expectClose(asked(fit), printed?.predictions ?? [], 1e-12);
    expect(fit.diverged).toBe(true);
  });

  it('says so too where the rate is too large, and stops where numbers end', () => {
    const fit = descend(5, 100_000);
    expect(fit.diverged).toBe(true);
    expect(fit.losses.length).toBeLessThan(2000);
    expect(fit.losses.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('gradient descent', () => {
  it('recovers the plane that made the data', () => {
    const rows = rowsOf([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1]]); // biome-ignore format: a table
    const targets = Float64Array.of(1, 3, 0, 2, 4);
    const fit = gradientDescent(rows, targets, { rate: 0.3, iterations: 5000 });
    expectClose(fit.coefficients, [2, -1]);
    expectClose(fit.intercept, 1);
  });

  it('begins with the loss of zero', () => {
    const { losses } = gradientDescent(rowsOf([[1], [2]]), Float64Array.of(3, 4), { rate: 0.1, iterations: 1 });
    expect(losses[0]).toBe((9 + 16) / 4);
  });

  it.each([
    [{ rate: Number.NaN, iterations: 1 }, 'rate must be a finite number, got NaN'],
    [{ rate: 0.1, iterations: 0 }, 'iterations must be an integer of at least 1, got 0'],
    [{ rate: 0.1, iterations: 1.5 }, 'iterations must be an integer of at least 1, got 1.5'],
  ])('refuses %j', (options, message) => {
    expect(() => gradientDescent(rowsOf([[1]]), Float64Array.of(1), options)).toThrow(message);
  });
});
