import { describe, expect, test } from 'vitest';
import { inspect } from '../../../../../models/formats/inspect.ts';
import { writeOnnx } from '../../../../../models/formats/onnx/write/write-onnx.ts';
import { expectClose } from '../../../../closeness.ts';
import { referenceFile, referenceJson } from '../../../../reference.ts';
import { tensorsOf } from './agreement.ts';
import { openSession, runOnnx } from './run-onnx.ts';

interface Answers {
  readonly input: number[][];
  readonly labels?: number[];
  readonly prediction: number[];
  readonly decision_values?: number[][];
  readonly probabilities?: number[][];
}

/** What ONNX Runtime makes of an exported file, and what the program says whose file it was. */
async function exported(name: string) {
  const { model } = inspect(referenceFile(`models/${name}.model`));
  const expected = referenceJson<Answers>(`models/${name}.expected.json`);
  const session = await openSession(writeOnnx(model, { precision: 'double', release: '1.2.3' }));
  const answers = await runOnnx(session, tensorsOf(model, expected.input));
  const numbers = (output: string) => Array.from((answers[output]?.data ?? []) as ArrayLike<number>, Number);
  return { model, expected, numbers };
}

const classifiers = [
  'libsvm-iris-linear',
  'libsvm-iris-rbf-b1',
  'libsvm-breast_cancer-rbf',
  'libsvm-c_svc-linear-b1',
  'libsvm-c_svc-polynomial',
  'libsvm-c_svc-sigmoid-b1',
  'libsvm-nu_svc-rbf-b1',
  'liblinear-L1R_LR',
  'liblinear-L2R_LR',
  'liblinear-L2R_LR_DUAL',
  'liblinear-L2R_L2LOSS_SVC_DUAL',
  'liblinear-MCSVM_CS',
  'liblinear-breast_cancer-l2svc',
  'liblinear-digits-lr',
];
const regressors = [
  'libsvm-diabetes-svr',
  'libsvm-epsilon_svr-sigmoid',
  'libsvm-nu_svr-polynomial',
  'liblinear-L2R_L1LOSS_SVR_DUAL',
  'liblinear-L2R_L2LOSS_SVR',
];

describe('exported and run by ONNX Runtime,', () => {
  test.each(classifiers)('%s answers what its own program does', async (name) => {
    const { model, expected, numbers } = await exported(name);
    expect(numbers('predict')).toEqual(expected.prediction);
    if (expected.decision_values) expectClose(numbers('decision_function'), expected.decision_values);
    const order = model.labels?.values.map((label) => expected.labels?.indexOf(Number(label)) as number) ?? [];
    const probabilities = expected.probabilities?.map((row) => order.map((at) => row[at] as number));
    expect(numbers('predict_proba').length > 0).toBe(probabilities !== undefined && probabilities.length > 0);
    // LIBLINEAR prints six digits of them.
    if (probabilities) expectClose(numbers('predict_proba'), probabilities, name.startsWith('liblinear') ? 1e-6 : 1e-9);
  });

  test.each(regressors)('%s answers what its own program does', async (name) => {
    const { expected, numbers } = await exported(name);
    expectClose(numbers('predict'), expected.prediction);
  });

  test('libsvm-one_class-rbf knows what lies outside', async () => {
    const { expected, numbers } = await exported('libsvm-one_class-rbf');
    expect(numbers('predict')).toEqual(expected.prediction);
    expect(new Set(expected.prediction)).toEqual(new Set([-1, 1]));
  });
});
