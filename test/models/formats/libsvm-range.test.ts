import { describe, expect, it } from 'vitest';
import type { ModelFile } from '../../../models/formats/format.ts';
import { inspect } from '../../../models/formats/inspect.ts';
import { readRange } from '../../../models/formats/libsvm-range.ts';
import { nativePredictor } from '../../../models/native.ts';
import type { Tensors } from '../../../models/tensor.ts';
import { expectClose } from '../../closeness.ts';
import { type LibsvmAnswers, referenceFile, referenceJson } from '../../reference.ts';
import { refusalOf, textFile } from './files.ts';

const rangeOf = (name: string): ModelFile => referenceFile(`models/libsvm-range-${name}.range`);
const modelOf = (name: string) =>
  inspect(referenceFile(`models/libsvm-range-${name}.model`), { declared: { range: rangeOf(name) } });

async function answersOf(name: string): Promise<Tensors> {
  const { input } = referenceJson<LibsvmAnswers>(`models/libsvm-range-${name}.expected.json`);
  const data = Float64Array.from(input.flat());
  const inputs: Tensors = new Map([['input', { datatype: 'FP64', shape: [input.length, 5], data }]]);
  return nativePredictor(modelOf(name).model).predict(inputs, new AbortController().signal);
}

const numbersOf = (outputs: Tensors, name: string): number[] =>
  Array.from(outputs.get(name)?.data as ArrayLike<number>, Number);
const expected = (name: string) => referenceJson<LibsvmAnswers>(`models/libsvm-range-${name}.expected.json`);

describe("rows are scaled by the model, as svm-scale scales them, and answered as LIBSVM's", () => {
  it('labels, also beyond the range of training and where a constant column moves', async () => {
    const outputs = await answersOf('svc');
    const { decision_values, prediction } = expected('svc');
    expectClose(numbersOf(outputs, 'decision_function'), decision_values.flat());
    expect(numbersOf(outputs, 'predict')).toEqual(prediction);
  });

  it('numbers, scaled back where the target was scaled', async () => {
    expectClose(numbersOf(await answersOf('svr'), 'predict'), expected('svr').prediction);
  });
});

it('its manifest says how', () => {
  const { preparation, features } = modelOf('svr').content;
  expect(features).toEqual(['f1', 'f2', 'f3', 'f4', 'f5']);
  expect(preparation).toEqual([
    {
      step: 'min-max',
      columns: ['f1', 'f2', 'f3', 'f5'],
      min: [0.5, 0, 0.5, -0.25],
      scale: [0.125, 0.125, 0.25, 0.25],
    },
  ]);
});

it('there are as many features as the scaling speaks of', () => {
  const range = textFile('a.range', 'x\n-1 1\n9 0 4\n');
  const { content } = inspect(referenceFile('models/libsvm-iris-linear.model'), { declared: { range } });
  expect(content.features).toHaveLength(9);
});

it('belongs to LIBSVM models, and scales the target of a regression only', () => {
  const liblinear = referenceFile('models/liblinear-L2R_LR.model');
  expect(refusalOf(() => inspect(liblinear, { declared: { range: rangeOf('svc') } }))).toBe(
    'libsvm-range-svc.range is of svm-scale and belongs to a LIBSVM model, not to one of format liblinear',
  );
  const classifier = referenceFile('models/libsvm-range-svc.model');
  expect(refusalOf(() => inspect(classifier, { declared: { range: rangeOf('svr') } }))).toContain(
    'libsvm-range-svr.range must not scale the target (svm-scale -y) of a model of svm_type c_svc',
  );
});

describe('a broken file is refused', () => {
  it.each([
    ['that is empty', '', 'a.range line 1 must be x, where the scaling of the columns begins'],
    ['of one bound', 'x\n-1\n1 0 1\n', 'a.range line 2 must hold the lower and the higher bound'],
    ['of bounds the wrong way', 'x\n1 -1\n1 0 1\n', 'line 2 must hold the lower and the higher bound'],
    ['of a target alone', 'y\n0 1\n0 5\n', 'line 4 must be x'],
    [
      'of a constant target',
      'y\n0 1\n5 5\nx\n0 1\n',
      'line 3 must hold the smallest and the largest target, got "5 5"',
    ],
    [
      'with a column upside down',
      'x\n-1 1\n1 4 0\n',
      'line 3 must hold an index and the smallest and the largest value',
    ],
    ['with a column of two numbers', 'x\n-1 1\n1 4\n', 'line 3 must hold an index'],
    ['with a word', 'x\n-1 1\n1 0 many\n', 'line 3 must hold an index'],
    ['with a column twice', 'x\n-1 1\n1 0 1\n1 0 1\n', 'line 4 must have an index after 1'],
    ['with an index beyond all models', 'x\n-1 1\n2000001 0 1\n', 'line 3 must have an index after 0, up to 2000000'],
  ])('%s', (_, text, message) => {
    expect(refusalOf(() => readRange(textFile('a.range', text)))).toContain(message);
  });
});
