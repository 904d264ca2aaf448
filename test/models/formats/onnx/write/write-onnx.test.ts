import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it, test } from 'vitest';
import { inspect } from '../../../../../models/formats/inspect.ts';
import type { ModelJson } from '../../../../../models/formats/model-json.ts';
import { type ModelProto, ModelProtoSchema } from '../../../../../models/formats/onnx/onnx_pb.js';
import { ExportRefused } from '../../../../../models/formats/onnx/write/export-refused.ts';
import { writeOnnx } from '../../../../../models/formats/onnx/write/write-onnx.ts';
import type { NativeModel } from '../../../../../models/native.ts';
import { referenceFile } from '../../../../reference.ts';
import { randomTable } from '../../../../seeded.ts';
import { expectAgreement, readModel, tensorsOf } from './agreement.ts';
import { openSession, runOnnx } from './run-onnx.ts';

const written = (model: NativeModel, precision: 'double' | 'float' = 'double') =>
  writeOnnx(model, { precision, release: '1.2.3' });
const open = (model: NativeModel) => openSession(written(model));

const line: ModelJson = {
  modeldrop: 1,
  kind: 'linear',
  features: ['x'],
  preparation: [{ step: 'standardize', mean: [0.3], scale: [0.7] }],
  parameters: { coefficients: [[2]], intercept: [1] },
};

const survey: ModelJson = {
  modeldrop: 1,
  kind: 'logistic',
  features: ['age', 'city'],
  types: { city: 'text' },
  labels: ['no', 'yes'],
  preparation: [
    { step: 'impute', columns: ['age'], values: [40] },
    { step: 'one-hot', columns: ['city'], categories: [['Bergen', 'Oslo']], unknown: 'refuse' },
  ],
  parameters: { coefficients: [[0.1, -1, 1]], intercept: [-4] },
  metrics: { test: { accuracy: 0.9 } },
  card: { target: 'answer', limits: 'Norway only' },
};

describe('an exported file', () => {
  it('has the inputs and outputs of the API', async () => {
    const { inputMetadata, outputMetadata } = await open(readModel(survey));
    expect(inputMetadata).toMatchObject([
      { name: 'age', type: 'float64', shape: ['rows'] },
      { name: 'city', type: 'string', shape: ['rows'] },
    ]);
    expect(outputMetadata).toMatchObject([
      { name: 'predict', type: 'string', shape: ['rows'] },
      { name: 'predict_proba', type: 'float64', shape: ['rows', 2] },
      { name: 'decision_function', type: 'float64', shape: ['rows'] },
    ]);
  });

  it('takes all features together where all are numbers', async () => {
    const { inputMetadata, outputMetadata } = await open(readModel(line));
    expect(inputMetadata).toMatchObject([{ name: 'input', type: 'float64', shape: ['rows', 1] }]);
    expect(outputMetadata).toMatchObject([{ name: 'predict', type: 'float64', shape: ['rows'] }]);
  });

  it('says what it is, and who wrote it', () => {
    const { producerName, producerVersion, metadataProps } = protoOf(readModel(survey));
    expect([producerName, producerVersion]).toEqual(['modeldrop', '1.2.3']);
    expect(Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      modeldrop: '1.2.3',
      kind: 'logistic',
      features: '["age","city"]',
      types: '{"city":"text"}',
      labels: '["no","yes"]',
      metrics: '{"accuracy":0.9}',
      target: 'answer',
      limits: 'Norway only',
    });
  });

  it('answers no rows with no rows', async () => {
    for (const model of [readModel(line), readModel(survey)]) {
      expect(await expectAgreement(model, await open(model), tensorsOf(model, []))).toBe(true);
    }
  });

  it('is the same each time', () => {
    expect(written(readModel(survey))).toEqual(written(readModel(survey)));
  });
});

describe('a run', () => {
  it.each([
    ['an unknown category', [30, 'Paris'], 'city must be one of the categories of training'],
    ['a missing category', [30, ''], 'city must not be missing'],
    ['an infinite number', [Number.POSITIVE_INFINITY, 'Oslo'], 'numbers must be finite'],
  ])('fails on %s, naming the rule', async (_, row, rule) => {
    const model = readModel(survey);
    const session = await open(model);
    await expect(runOnnx(session, tensorsOf(model, [[20, 'Oslo'], row]))).rejects.toThrow(rule);
    expect(
      (
        await runOnnx(
          session,
          tensorsOf(model, [
            [50, 'Oslo'],
            [Number.NaN, 'Bergen'],
          ]),
        )
      ).predict?.data,
    ).toEqual(['yes', 'no']);
  });

  it('fails on a missing number that nothing fills in', async () => {
    const model = readModel(line);
    await expect(runOnnx(await open(model), tensorsOf(model, [[Number.NaN]]))).rejects.toThrow('must not be missing');
  });

  it('fails where a score is infinity less infinity', async () => {
    const model = readModel({
      ...line,
      kind: 'logistic',
      labels: ['a', 'b', 'c'],
      preparation: [],
      parameters: { coefficients: [[10], [1], [2]], intercept: [0, 0, 0] },
    });
    const inputs = tensorsOf(model, [[1.7e308]]);
    const session = await open(model);
    expect(await expectAgreement(model, session, inputs)).toBe(false);
    await expect(runOnnx(session, inputs)).rejects.toThrow('small enough to be scored');
  });
});

describe('double precision', () => {
  // The optimiser of ONNX Runtime would make such a factor part of the product, as a float.
  test('is kept beside a scale of one column', async () => {
    const model = readModel(line);
    expect(await expectAgreement(model, await open(model), tensorsOf(model, [[1 / 3], [123456.789]]), 1e-14)).toBe(
      true,
    );
  });

  test('is kept by distances far from the origin', async () => {
    const offset = 1e6;
    const rows = randomTable(1, 40, 3).map((row) => row.map((value) => value + offset));
    const model = readModel({
      modeldrop: 1,
      kind: 'svm',
      features: ['a', 'b', 'c'],
      parameters: {
        type: 'epsilon_svr',
        kernel: { name: 'rbf', gamma: 1 },
        supportVectors: rows.slice(0, 20),
        coefficients: [randomTable(2, 1, 20)[0] as number[]],
        rho: [0.1],
      },
    });
    expect(await expectAgreement(model, await open(model), tensorsOf(model, rows), 1e-13)).toBe(true);
  });

  test('is kept by small probabilities that are shared out', async () => {
    const { model } = inspect(referenceFile('models/liblinear-L2R_LR.model'));
    const rows = randomTable(3, 50, model.features.length).map((row) => row.map((value) => 40 * value));
    await expectAgreement(model, await open(model), tensorsOf(model, rows), 1e-12);
  });
});

/** A machine of so many classes with probabilities, as random as its size lets it be. */
function manyClasses(classes: number, coupled = false): NativeModel {
  const pairs = (classes * (classes - 1)) / 2;
  const [a = [], b = [], rho = []] = randomTable(classes, 3, pairs);
  return readModel({
    modeldrop: 1,
    kind: 'svm',
    features: ['p', 'q'],
    labels: Array.from({ length: classes }, (_, k) => `class ${k}`),
    parameters: {
      type: 'c_svc',
      kernel: { name: 'rbf', gamma: 0.7 },
      supportVectors: randomTable(5, 3 * classes, 2),
      coefficients: randomTable(6, classes - 1, 3 * classes),
      rho,
      supportVectorsPerClass: Array.from({ length: classes }, () => 3),
      probability: { a: a.map((value) => 3 * value), b, ...(coupled && { coupled }) },
    },
  });
}

test.each([2, 3, 7, 12])('Platt scaling of %i classes stops where LIBSVM stops, row by row', async (classes) => {
  const model = manyClasses(classes);
  const rows = randomTable(9, 60, 2).map((row) => row.map((value) => 2 * value));
  await expectAgreement(model, await open(model), tensorsOf(model, rows));
});

test('Platt scaling of two classes that are coupled as more are, as scikit-learn does', async () => {
  const rows = randomTable(9, 60, 2).map((row) => row.map((value) => 2 * value));
  const [plain, coupled] = [manyClasses(2), manyClasses(2, true)];
  await expectAgreement(coupled, await open(coupled), tensorsOf(coupled, rows));
  await expect(expectAgreement(plain, await open(coupled), tensorsOf(plain, rows))).rejects.toThrow('predict_proba');
});

test.each(['no', 'yes'])('answers "%s" from its threshold on', async (positive) => {
  const rows = Array.from({ length: 40 }, (_, i) => [i + 10, i % 2 ? 'Oslo' : 'Bergen']);
  const model = readModel({ ...survey, positive, threshold: 0.2 });
  await expectAgreement(model, await open(model), tensorsOf(model, rows));
  const plain = readModel(survey);
  await expect(expectAgreement(plain, await open(model), tensorsOf(plain, rows))).rejects.toThrow('predict');
});

const protoOf = (model: NativeModel): ModelProto => fromBinary(ModelProtoSchema, written(model));

test('a linear kernel takes no support vector along, another one does', () => {
  const machine = (kernel: object) =>
    readModel({
      modeldrop: 1,
      kind: 'svm',
      features: ['a', 'b'],
      labels: [0, 1],
      parameters: {
        type: 'c_svc',
        kernel,
        supportVectors: randomTable(7, 30, 2),
        coefficients: randomTable(8, 1, 30),
        rho: [0],
      },
    });
  const numbers = (model: NativeModel) =>
    protoOf(model).graph?.initializer.reduce((sum, { rawData }) => sum + rawData.length / 8, 0);
  expect(numbers(machine({ name: 'linear' }))).toBeLessThan(20);
  expect(numbers(machine({ name: 'rbf', gamma: 1 }))).toBeGreaterThan(90);
});

test('single precision takes and gives floats', async () => {
  const model = manyClasses(4);
  const session = await openSession(written(model, 'float'));
  expect([...session.inputMetadata, ...session.outputMetadata]).toMatchObject([
    { type: 'float32' },
    { type: 'string' },
    { type: 'float32' },
    { type: 'float32' },
  ]);
  await expectAgreement(model, session, tensorsOf(model, randomTable(4, 30, 2)), 1e-4);
});

describe('what can not be exported', () => {
  it('is told so: trees', () => {
    const { model } = inspect(referenceFile('models/xgboost/binary.json'));
    expect(() => written(model)).toThrow(ExportRefused);
    expect(() => written(model)).toThrow('a model of kind trees is not exported');
  });

  it('is told so: a feature that is called as an output is', () => {
    const model = readModel({
      ...survey,
      features: ['age', 'predict'],
      types: { predict: 'text' },
      preparation: [
        { step: 'impute', columns: ['age'], values: [40] },
        { step: 'one-hot', columns: ['predict'], categories: [['Bergen', 'Oslo']], unknown: 'refuse' },
      ],
    });
    expect(() => written(model)).toThrow('must not be called as an output of the model is');
  });
});
