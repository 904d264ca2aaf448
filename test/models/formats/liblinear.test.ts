import { describe, expect, test } from 'vitest';
import { inspect } from '../../../models/formats/inspect.ts';
import { liblinear } from '../../../models/formats/liblinear.ts';
import { expectClose } from '../../closeness.ts';
import { referenceFile, referenceJson } from '../../reference.ts';
import { rowsOf } from '../../rows.ts';
import { refusalOf, textFile } from './files.ts';

interface Answers {
  readonly input: number[][];
  readonly labels?: number[];
  readonly prediction: number[];
  readonly decision_values?: number[][];
  readonly probabilities?: number[][];
}

const answersOf = (name: string) => {
  const { model } = inspect(referenceFile(`models/liblinear-${name}.model`));
  const expected = referenceJson<Answers>(`models/liblinear-${name}.expected.json`);
  const outputs = model.scorer.score(rowsOf(expected.input));
  const numbers = (output: string) => Array.from((outputs.get(output)?.data ?? []) as ArrayLike<number>, Number);
  return { model, expected, numbers };
};

describe("what LIBLINEAR's own predict says", () => {
  test.each([
    'digits-lr',
    'breast_cancer-l2svc',
    'L2R_LR',
    'L2R_L2LOSS_SVC_DUAL',
    'L2R_L1LOSS_SVC_DUAL',
    'MCSVM_CS',
    'MCSVM_CS-two',
    'L1R_L2LOSS_SVC',
    'L1R_LR',
    'L2R_LR_DUAL',
  ])('%s predicts', (name) => {
    const { model, expected, numbers } = answersOf(name);
    expect(numbers('predict')).toEqual(expected.prediction);
    if (expected.decision_values) expectClose(numbers('decision_function'), expected.decision_values);
    expect(model.scorer.outputs.some((output) => output.name === 'predict_proba')).toBe(
      expected.probabilities !== undefined,
    );
    // The command prints six digits, the library all.
    if (expected.probabilities)
      expectClose(numbers('predict_proba'), expected.probabilities, name === 'digits-lr' ? 1e-9 : 1e-5);
  });

  test.each(['L2R_L2LOSS_SVR', 'L2R_L2LOSS_SVR_DUAL', 'L2R_L1LOSS_SVR_DUAL'])('%s predicts numbers', (name) => {
    const { model, expected, numbers } = answersOf(name);
    expectClose(numbers('predict'), expected.prediction, 1e-5);
    expect(model.labels).toBeUndefined();
  });
});

const WHOLE = 'solver_type L2R_LR\nnr_class 2\nlabel 1 -1\nnr_feature 2\nbias -1\nw\n0.5 \n-2 \n';

describe('a LIBLINEAR file', () => {
  test('names its labels in its own order, and its features by their index', () => {
    const { labels, features, kind } = liblinear.read(textFile('a.model', WHOLE), {});
    expect({ labels: labels?.values, features, kind }).toEqual({
      labels: [1, -1],
      features: ['f1', 'f2'],
      kind: 'logistic',
    });
  });

  test('states the sign of its decision', () => {
    const decision = liblinear
      .read(textFile('a.model', WHOLE), {})
      .scorer.outputs.find(({ name }) => name === 'decision_function');
    expect(decision?.parameters).toEqual({ columns: [{ for: 1, against: -1 }] });
  });

  test.each([
    ['of one class', WHOLE.replace('L2R_LR', 'ONECLASS_SVM'), 'line 1, solver_type must be one of'],
    ['cut off in its header', WHOLE.slice(0, 40), 'ends before the line w'],
    ['cut off in its weights', WHOLE.slice(0, -4), 'must hold 2 lines of weights, got 1'],
    ['with a weight too many', WHOLE.replace('0.5 ', '0.5 1'), 'line 1 of the weights must hold 1 numbers'],
    ['with a weight that is none', WHOLE.replace('0.5', 'nan'), 'line 1 of the weights must hold 1 numbers'],
    ['with features without end', WHOLE.replace('nr_feature 2', 'nr_feature 999999999'), 'must be at most'],
    ['with a label twice', WHOLE.replace('1 -1', '1 1'), 'must not repeat a name'],
  ])('%s is refused', (_, text, told) => {
    expect(refusalOf(() => liblinear.read(textFile('a.model', text), {}))).toContain(told);
  });
});
