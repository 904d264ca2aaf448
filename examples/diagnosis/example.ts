import { parseTable } from '../../adapters/table/read-table.ts';
import { baselineOf } from '../../models/baseline.ts';
import { type ModelJson, modelJson } from '../../models/formats/model-json.ts';
import { frameOfRows, numbersBut, numbersIn } from '../../models/frame.ts';
import { answersOf } from '../../models/learning/answers.ts';
import { classificationBaseline } from '../../models/learning/baseline-predictor.ts';
import { metricsOf } from '../../models/learning/evaluate.ts';
import { logisticRegression } from '../../models/learning/logistic/logistic.ts';
import { fitPreparation } from '../../models/learning/preparing/fit-preparation.ts';
import { preparationRecipe } from '../../models/learning/preparing/preparation-recipe.ts';
import { readIndices, selectClasses, selectRows } from '../../models/learning/split.ts';
import { planPreparation } from '../../models/preparation/preparation.ts';
import type { Rows } from '../../models/rows.ts';
import { type BuiltExample, fileBeside, jsonFile, sha256 } from '../example.ts';
import { reference } from './reference.ts';

/** The data set's own numbers: 0 is malignant, 1 is benign. */
const LABELS = [0, 1];
const TARGET = 'target';
const C = 1;

interface Sample {
  readonly rows: Rows;
  readonly classes: Int32Array;
}

interface Split {
  readonly features: string[];
  readonly train: Sample;
  readonly test: Sample;
  readonly sha256: string;
}

/** Cell measurements of 569 biopsies, split as the reference splits them. */
export async function readSplit(): Promise<Split> {
  const file = await fileBeside(import.meta.url, 'breast_cancer.csv');
  const { frame } = await parseTable(file);
  const { names: features, rows } = numbersBut(frame, TARGET);
  const classes = Int32Array.from(numbersIn(frame, TARGET));
  const sample = async (indexFile: string): Promise<Sample> => {
    const indices = readIndices(await fileBeside(import.meta.url, indexFile), rows.count);
    return { rows: selectRows(rows, indices), classes: selectClasses(classes, indices) };
  };
  const [train, test] = await Promise.all([sample('breast_cancer.train.idx'), sample('breast_cancer.test.idx')]);
  return { features, train, test, sha256: sha256(file) };
}

export async function build(): Promise<BuiltExample> {
  const split = await readSplit();
  const model = describe(split, modelOf(split));
  return {
    name: 'diagnosis',
    files: [jsonFile('model.json', model), jsonFile('examples.json', goldenExamples(split))],
    summary: `logistic regression on ${split.train.rows.count} biopsies: accuracy ${model.metrics?.test?.accuracy?.toFixed(3)} on ${split.test.rows.count} others`,
  };
}

function modelOf({ features, train }: Split): ModelJson {
  const preparation = fitPreparation(preparationRecipe('standard'), frameOfRows(features, train.rows));
  const plan = planPreparation(
    preparation,
    features.map((name) => ({ name, type: 'number' })),
    'preparation',
  );
  const fit = logisticRegression(plan.applyToRows(train.rows), train.classes, { classes: LABELS.length, C });
  const { coefficients, intercept } = fit;
  return {
    modeldrop: 1,
    kind: 'logistic',
    features,
    labels: LABELS,
    preparation,
    parameters: { coefficients, intercept },
    baseline: baselineOf(features, train.rows),
  };
}

function describe({ train, test, sha256 }: Split, model: ModelJson): ModelJson {
  const served = modelJson.read(jsonFile('model.json', model), {});
  return {
    ...model,
    metrics: {
      test: metricsOf(answersOf(served, frameOfRows(served.features, test.rows), test.classes)).metrics,
      train: metricsOf(answersOf(served, frameOfRows(served.features, train.rows), train.classes)).metrics,
      baseline: classificationBaseline(train.classes, test.classes, LABELS.length).metrics,
    },
    card: {
      intendedUse: 'An example of a classifier with probabilities. Label 0 is malignant, label 1 is benign.',
      limits:
        'No medical device: 569 biopsies of one hospital in the early nineties. Never decide on a person with it.',
      target: TARGET,
      data: { name: 'Breast Cancer Wisconsin (Diagnostic)', sha256, rows: 569, license: 'CC BY 4.0' },
      split: '455 rows to learn, 114 to test, at random once; the index files lie beside the table',
      algorithm: `logistic regression, l2, C = ${C}, at the optimum (Newton), on standardised columns`,
    },
  };
}

/** The reference's own answers to the first rows of the test set. */
function goldenExamples({ test }: Split) {
  const { predict, predict_proba } = reference;
  const { width, values } = test.rows;
  const instances = predict.map((_, row) => Array.from(values.subarray(row * width, (row + 1) * width)));
  return [{ inputs: { instances }, outputs: { predict, predict_proba }, tolerance: 1e-9 }];
}
