import { readFileSync } from 'node:fs';
import { baselineOf } from '../../models/baseline.ts';
import type { ModelJson } from '../../models/formats/model-json.ts';
import { type LibsvmAnswers, referenceFile, referenceJson } from '../reference.ts';
import { rowsOf } from '../rows.ts';

const example = (path: string): string =>
  readFileSync(new URL(`../../examples/${path}`, import.meta.url), 'utf8').trim();

const indices = (text: string): number[] => text.trim().split('\n').map(Number);

interface Table {
  readonly features: string[];
  /** Without the target, which comes last. */
  readonly rows: number[][];
}

function tableOf(csv: string): Table {
  const [header = '', ...lines] = csv.split('\n');
  return {
    features: header.split(',').slice(0, -1),
    rows: lines.map((line) => line.split(',').slice(0, -1).map(Number)),
  };
}

/** A model file as an owner drops it, and what its reference implementation answers. */
export interface KnownModel {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly features: readonly string[];
  /** Rows to ask. */
  readonly rows: readonly (readonly number[])[];
  readonly predictions: readonly number[];
  /** By row and label; absent for a regression. */
  readonly probabilities?: readonly (readonly number[])[];
  readonly labels?: readonly number[];
}

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function linear(): KnownModel {
  const { features, rows } = tableOf(example('linear-regression/seed-linear.csv'));
  const tested = indices(new TextDecoder().decode(referenceFile('data/seed-linear.test.idx').bytes));
  const { models } = referenceJson<{
    models: { LinearRegression: { coef: number[]; intercept: number; pred_test_first200: number[] } };
  }>('results/seed-linear.json');
  const { coef, intercept, pred_test_first200 } = models.LinearRegression;
  const trained = rows.filter((_, i) => !tested.includes(i));
  const model: ModelJson = {
    modeldrop: 1,
    kind: 'linear',
    features,
    parameters: { coefficients: [coef], intercept: [intercept] },
    baseline: baselineOf(features, rowsOf(trained)),
  };
  return {
    file: 'model.json',
    bytes: utf8(model),
    features,
    rows: tested.map((i) => rows[i] as number[]),
    predictions: pred_test_first200,
  };
}

interface Logistic {
  readonly coef: number[][];
  readonly intercept: number[];
  readonly proba_test: number[][];
  readonly pred_test: number[];
}

function logistic(): KnownModel {
  const { features, rows } = tableOf(example('diagnosis/breast_cancer.csv'));
  const tested = indices(example('diagnosis/breast_cancer.test.idx'));
  const { scaler_mean, scaler_scale, models } = referenceJson<{
    scaler_mean: number[];
    scaler_scale: number[];
    models: Record<string, Logistic>;
  }>('results/breast_cancer.json');
  const { coef, intercept, proba_test, pred_test } = models.LogisticRegression_C1_standardised_EXACT_newton as Logistic;
  const labels = [0, 1];
  const model: ModelJson = {
    modeldrop: 1,
    kind: 'logistic',
    features,
    labels,
    preparation: [{ step: 'standardize', mean: scaler_mean, scale: scaler_scale }],
    parameters: { coefficients: coef, intercept },
  };
  return {
    file: 'model.json',
    bytes: utf8(model),
    features,
    labels,
    rows: tested.map((i) => rows[i] as number[]),
    predictions: pred_test,
    probabilities: proba_test,
  };
}

function svm(): KnownModel {
  const { name, bytes } = referenceFile('models/libsvm-iris-rbf-b1.model');
  const {
    input,
    labels = [],
    prediction,
    probabilities = [],
  } = referenceJson<LibsvmAnswers>('models/libsvm-iris-rbf-b1.expected.json');
  const features = ['f1', 'f2', 'f3', 'f4'];
  return { file: name, bytes, features, labels, rows: input, predictions: prediction, probabilities };
}

/** One model of each kind: a line with its training range, 30 features, and LIBSVM's iris with Platt scaling. */
export const knownModels = { line: linear(), diagnosis: logistic(), iris: svm() } as const;

export type KnownName = keyof typeof knownModels;
