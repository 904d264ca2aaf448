import { describe, expect, it } from 'vitest';
import { UnfitInput } from '../../models/errors.ts';
import { inspect } from '../../models/formats/inspect.ts';
import { type NativeModel, nativePredictor } from '../../models/native.ts';
import { fp64 } from '../../models/tensor.ts';
import { predictorContract } from '../contract/predictor.ts';
import { randomTable } from '../seeded.ts';

const utf8 = new TextEncoder();

const fromJson = (model: Record<string, unknown>): NativeModel =>
  inspect({ name: 'model.json', bytes: utf8.encode(JSON.stringify({ modeldrop: 1, ...model })) }).model;

const features = ['a', 'b', 'c'];
const rows = [
  [1, 0, 3],
  [0, 2, -1],
  [-2, 1, 0],
  [3, 3, 3],
];
const machine = {
  kernel: { name: 'rbf', gamma: 0.3 },
  supportVectors: randomTable(1, 6, 3),
  coefficients: randomTable(2, 1, 6),
  rho: [0.1],
};

const models: Record<string, Record<string, unknown>> = {
  'linear, one target': { kind: 'linear', features, parameters: { coefficients: [[1, -2, 0.5]], intercept: [3] } },
  'linear, two targets and a log link': {
    kind: 'linear',
    features,
    parameters: { coefficients: randomTable(3, 2, 3), intercept: [0, 1], link: 'log' },
  },
  'logistic, two labels, standardised': {
    kind: 'logistic',
    features,
    labels: [0, 1],
    preparation: [{ step: 'standardize', mean: [1, 0, 2], scale: [2, 1, 0.5] }],
    parameters: { coefficients: [[1, -2, 0.5]], intercept: [0.3] },
  },
  'logistic, three labels of text': {
    kind: 'logistic',
    features,
    labels: ['red', 'green', 'blüe'],
    parameters: { coefficients: randomTable(4, 3, 3), intercept: [0, 1, -1] },
  },
  'svm, two labels': { kind: 'svm', features, labels: [0, 1], parameters: { type: 'c_svc', ...machine } },
  'svm, three labels with probabilities': {
    kind: 'svm',
    features,
    labels: ['x', 'y', 'z'],
    parameters: {
      type: 'nu_svc',
      ...machine,
      coefficients: randomTable(5, 2, 6),
      rho: [0.1, -0.2, 0.3],
      supportVectorsPerClass: [2, 1, 3],
      probability: { a: [-1, -2, -3], b: [0, 0.1, -0.1] },
    },
  },
  'svm, one class': { kind: 'svm', features, parameters: { type: 'one_class', ...machine } },
  'svm, regression': { kind: 'svm', features, parameters: { type: 'epsilon_svr', ...machine } },
};

for (const [name, model] of Object.entries(models)) {
  predictorContract(name, { open: () => nativePredictor(fromJson(model)), rows });
}

describe('a score that is no number', () => {
  const model = fromJson({
    kind: 'logistic',
    features: ['a', 'b'],
    labels: ['no', 'yes'],
    parameters: { coefficients: [[10, -10]], intercept: [1] },
  });

  it('is refused, with its row, and never read as a label', async () => {
    const rows = new Map([['input', fp64([2, 2], Float64Array.of(0, 0, 1e308, 1e308))]]);
    const refused = nativePredictor(model).predict(rows, new AbortController().signal);
    await expect(refused).rejects.toThrow(UnfitInput);
    await expect(refused).rejects.toThrow(/^row 1 must hold values small enough to be scored/);
  });
});
