import { describe, expect, it } from 'vitest';
import { parseTable } from '../../../../adapters/table/read-table.ts';
import { type Frame, selectFrame } from '../../../../models/frame.ts';
import { fitPreparation } from '../../../../models/learning/preparing/fit-preparation.ts';
import { preparationRecipe } from '../../../../models/learning/preparing/preparation-recipe.ts';
import { readIndices } from '../../../../models/learning/split.ts';
import { planPreparation } from '../../../../models/preparation/preparation.ts';
import { expectClose } from '../../../closeness.ts';
import { referenceFile, referenceJson } from '../../../reference.ts';

interface Scaler {
  readonly test_first5: number[][];
}

interface Reference {
  readonly mixed_pipeline: {
    readonly transformed_test: number[][];
    readonly unknown_rows: Record<string, string | number | null>[];
    readonly unknown_transformed: number[][];
    readonly feature_names: string[];
  };
  readonly mixed_imputer_mean: { columns: string[]; statistics: number[] };
  readonly mixed_imputer_median: { columns: string[]; statistics: number[] };
  readonly mixed_imputer_most_frequent: { columns: string[]; statistics: (number | string)[] };
  readonly [dataset: string]: unknown;
}

const reference = referenceJson<Reference>('results/preprocessing.json');

async function splitOf(name: string): Promise<{ train: Frame; test: Frame }> {
  const { frame } = await parseTable(referenceFile(`data/${name}.csv`));
  const features = { ...frame, columns: frame.columns.filter((column) => column.name !== 'target') };
  const part = (side: string) =>
    selectFrame(features, readIndices(referenceFile(`data/${name}.${side}.idx`), frame.count));
  return { train: part('train'), test: part('test') };
}

const plan = (recipe: unknown, train: Frame) =>
  planPreparation(fitPreparation(preparationRecipe(recipe), train), train.columns, 'preparation');

describe.each(['iris', 'breast_cancer', 'diabetes_raw', 'digits'])('scaling %s', (name) => {
  it.each([
    ['standard', 'StandardScaler'],
    ['minmax', 'MinMaxScaler'],
  ])('by recipe %s gives what %s gives', async (recipe, scaler) => {
    const { train, test } = await splitOf(name);
    const expected = (reference[name] as Record<string, Scaler>)[scaler]?.test_first5 as number[][];
    const first = selectFrame(test, Int32Array.of(0, 1, 2, 3, 4));
    expectClose(plan(recipe, train).apply(first).values, expected, 1e-12);
  });
});

describe('the automatic recipe on numbers, categories and gaps', () => {
  const { mixed_pipeline: expected } = reference;

  it('gives what the pipeline of scikit-learn gives', async () => {
    const { train, test } = await splitOf('mixed');
    expectClose(plan('auto', train).apply(test).values, expected.transformed_test, 1e-12);
  });

  it('names its columns by feature and category, numbers first', async () => {
    const { train } = await splitOf('mixed');
    expect(plan('auto', train).names).toEqual(
      expected.feature_names.map((name) => name.replace(/^num__/, '').replace(/^cat__([a-z]+)_/, '$1=')),
    );
  });

  it('knows from which feature each column comes', async () => {
    const { train } = await splitOf('mixed');
    const { names, origins } = plan('auto', train);
    expect(names.map((name, k) => [name.split('=')[0], train.columns[origins[k] as number]?.name])).toSatisfy(
      (pairs: [string, string][]) => pairs.every(([own, original]) => own === original),
    );
  });

  it('takes categories that it has never seen, and gaps', async () => {
    const { train } = await splitOf('mixed');
    const { unknown_rows: rows } = expected;
    const columns = train.columns.map((column) =>
      column.type === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => (row[column.name] as number | null) ?? Number.NaN) }
        : { ...column, values: rows.map((row) => row[column.name] as string | null) },
    );
    expectClose(plan('auto', train).apply({ count: rows.length, columns }).values, expected.unknown_transformed, 1e-12);
  });
});

describe.each(['mean', 'median', 'most_frequent'] as const)('filling with the %s', (filling) => {
  it('finds the values that SimpleImputer finds', async () => {
    const { columns, statistics } = reference[`mixed_imputer_${filling}`];
    const { train } = await splitOf('mixed');
    const kept = { ...train, columns: train.columns.filter(({ name }) => columns.includes(name)) };
    const impute = filling.replace('_', '-');
    const recipe = {
      numbers: { impute, scale: 'none' },
      ...(filling === 'most_frequent' && { texts: { impute, encode: 'one-hot' } }),
    };
    const found = fitPreparation(preparationRecipe(recipe), kept).flatMap((step) =>
      step.step === 'impute' ? (step.columns ?? []).map((name, k) => [name, step.values[k]]) : [],
    );
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(
        columns.map((name, k) => {
          const value = statistics[k] as number | string;
          return [name, typeof value === 'number' ? expect.closeTo(value, 9) : value];
        }),
      ),
    );
  });
});
