import { parseTable } from '../../adapters/table/read-table.ts';
import { baselineOf } from '../../models/baseline.ts';
import { type ModelJson, modelJson } from '../../models/formats/model-json.ts';
import { frameOfRows, numbersBut, numbersIn } from '../../models/frame.ts';
import { answersOf } from '../../models/learning/answers.ts';
import { regressionBaseline } from '../../models/learning/baseline-predictor.ts';
import { metricsOf } from '../../models/learning/evaluate.ts';
import { type DescentFit, gradientDescent } from '../../models/learning/gradient-descent.ts';
import { type LeastSquaresFit, leastSquares } from '../../models/learning/least-squares.ts';
import { range, selectRows, selectTargets } from '../../models/learning/split.ts';
import type { Rows } from '../../models/rows.ts';
import { type BuiltExample, fileBeside, jsonFile, sha256 } from '../example.ts';
import { reference } from './reference.ts';

const FEATURES = ['x'];

interface Sample {
  readonly rows: Rows;
  readonly targets: Float64Array;
}

interface Split {
  readonly train: Sample;
  readonly test: Sample;
  readonly sha256: string;
}

/** The line y = 2x + 1 under noise: the first 80 rows to learn from, the last 20 to be judged on. */
export async function readSplit(): Promise<Split> {
  const file = await fileBeside(import.meta.url, 'seed-linear.csv');
  const { frame } = await parseTable(file);
  const [{ rows }, targets] = [numbersBut(frame, 'y'), numbersIn(frame, 'y')];
  const sample = (indices: Int32Array): Sample => ({
    rows: selectRows(rows, indices),
    targets: selectTargets(targets, indices),
  });
  return { train: sample(range(0, 80)), test: sample(range(80, rows.count)), sha256: sha256(file) };
}

/** The same rows learned in two ways: at once, and step by step. */
export const learn = ({ rows, targets }: Sample): { exact: LeastSquaresFit; descent: DescentFit } => ({
  exact: leastSquares(rows, targets),
  descent: gradientDescent(rows, targets, { rate: 0.01, iterations: 1000 }),
});

export async function build(): Promise<BuiltExample> {
  const split = await readSplit();
  const model = describe(split, modelOf(split.train));
  return {
    name: 'linear-regression',
    files: [jsonFile('model.json', model), jsonFile('examples.json', goldenExamples)],
    summary: `a line through ${split.train.rows.count} points by least squares: R2 ${model.metrics?.test?.r2?.toFixed(3)} on ${split.test.rows.count} others`,
  };
}

function modelOf(train: Sample): ModelJson {
  const { coefficients, intercept } = learn(train).exact;
  return {
    modeldrop: 1,
    kind: 'linear',
    features: FEATURES,
    preparation: [],
    parameters: { coefficients: [coefficients], intercept: [intercept], link: 'identity' },
    baseline: baselineOf(FEATURES, train.rows),
  };
}

function describe({ train, test, sha256 }: Split, model: ModelJson): ModelJson {
  const served = modelJson.read(jsonFile('model.json', model), {});
  return {
    ...model,
    metrics: {
      test: metricsOf(answersOf(served, frameOfRows(served.features, test.rows), test.targets)).metrics,
      train: metricsOf(answersOf(served, frameOfRows(served.features, train.rows), train.targets)).metrics,
      baseline: regressionBaseline(train.targets, test.targets).metrics,
    },
    card: {
      intendedUse: 'The worked example of linear regression: a first model to call, to read and to compare with.',
      limits:
        'It has seen x from 0.02 to 0.99 only. Whatever it answers for x = 2 and beyond is a guess along the line.',
      target: 'y',
      data: { name: 'seed-linear.csv', sha256, rows: 100, license: 'generated; no rights reserved' },
      split: 'rows 0 to 79 to learn, rows 80 to 99 to test',
      algorithm: 'least squares',
    },
  };
}

const example = ({ x, predict }: { x: readonly number[]; predict: readonly number[] }, tolerance: number) => ({
  inputs: { instances: x.map((value) => ({ x: value })) },
  outputs: { predict },
  tolerance,
});

// The figures asked for beyond the training range are known to eight decimals only.
const goldenExamples = [example(reference.heldBack, 1e-9), example(reference.asked, 1e-8)];
