import { describe, expect, test } from 'vitest';
import { inspect } from '../../../models/formats/inspect.ts';
import { xgboost } from '../../../models/formats/xgboost/xgboost.ts';
import { nativePredictor } from '../../../models/native.ts';
import type { Tensors } from '../../../models/tensor.ts';
import { expectClose } from '../../closeness.ts';
import { referenceFile, referenceJson } from '../../reference.ts';
import { refusalOf } from './files.ts';

interface Answers {
  readonly input: (number | null)[][];
  readonly margin: number[] | number[][];
  readonly prediction: number[] | number[][];
}

const TOLERANCE = 1e-5;

const signal = new AbortController().signal;

async function answersOf(name: string, declared = {}): Promise<Tensors> {
  const { model } = inspect(referenceFile(`models/xgboost/${name}`), { declared });
  const { input } = referenceJson<Answers>(`models/xgboost/${expectedOf(name)}`);
  const data = Float64Array.from(input.flat(), (value) => value ?? Number.NaN);
  const inputs: Tensors = new Map([
    ['input', { datatype: 'FP64', shape: [input.length, model.features.length], data }],
  ]);
  return nativePredictor(model).predict(inputs, signal);
}

const expectedOf = (name: string): string =>
  name.startsWith('xgb-') ? name.replace('.json', '.expected.json') : `${name}.expected.json`;

const numbersOf = (outputs: Tensors, name: string): number[] =>
  Array.from(outputs.get(name)?.data as ArrayLike<number>, Number);

const expected = (name: string): Answers => referenceJson<Answers>(`models/xgboost/${expectedOf(name)}`);

describe("numbers are XGBoost's own", () => {
  test.each([
    'squarederror',
    'absoluteerror',
    'pseudohuber',
    'squaredlogerror',
    'logistic',
    'poisson',
    'gamma',
    'tweedie',
    'linear',
  ])('%s', async (name) => {
    const outputs = await answersOf(`${name}.json`);
    expectClose(numbersOf(outputs, 'predict'), expected(`${name}.json`).prediction.flat(), TOLERANCE);
  });
});

test.each(['rank:pairwise', 'rank:ndcg', 'rank:map'])(
  'a model that ranks by %s answers its sums',
  async (objective) => {
    // No model of XGBoost's own is at hand: the same trees sum to the same, whatever they were fitted to.
    const text = new TextDecoder().decode(referenceFile('models/xgboost/squarederror.json').bytes);
    const bytes = new TextEncoder().encode(text.replace('reg:squarederror', objective));
    const { input, margin } = expected('squarederror.json');
    const data = Float64Array.from(input.flat(), (value) => value ?? Number.NaN);
    const predictor = nativePredictor(inspect({ name: 'a.json', bytes }).model);
    const outputs = await predictor.predict(
      new Map([['input', { datatype: 'FP64', shape: [input.length, 4], data }]]),
      signal,
    );
    expectClose(numbersOf(outputs, 'predict'), margin.flat(), TOLERANCE);
  },
);

describe("two classes are XGBoost's own", () => {
  test.each([
    'xgb-breast_cancer.json',
    'binary.json',
    'logitraw.json',
    'dart.json',
    'forest.json',
    'categories.json',
    'categories.ubj',
    'one-hot.json',
  ])('%s', async (name) => {
    const outputs = await answersOf(name);
    const { margin, prediction } = expected(name);
    expectClose(numbersOf(outputs, 'decision_function'), margin.flat(), TOLERANCE);
    const probability = numbersOf(outputs, 'predict_proba').filter((_, i) => i % 2 === 1);
    const stated = name.startsWith('logitraw') ? margin.flat().map((m) => 1 / (1 + Math.exp(-m))) : prediction.flat();
    expectClose(probability, stated, TOLERANCE);
    expect(numbersOf(outputs, 'predict')).toEqual(stated.map((p) => (p > 0.5 ? 1 : 0)));
  });

  test('hinge, by the sign', async () => {
    const outputs = await answersOf('hinge.json');
    expectClose(numbersOf(outputs, 'decision_function'), expected('hinge.json').margin.flat(), TOLERANCE);
    expect(numbersOf(outputs, 'predict')).toEqual(expected('hinge.json').prediction);
  });
});

describe("many classes are XGBoost's own", () => {
  test.each(['xgb-iris.json', 'softprob.json', 'softprob.ubj', 'early-stopped.json', 'linear-softprob.json'])(
    '%s',
    async (name) => {
      const outputs = await answersOf(name);
      const { margin, prediction } = expected(name);
      expectClose(numbersOf(outputs, 'decision_function'), margin.flat(), TOLERANCE);
      expectClose(numbersOf(outputs, 'predict_proba'), prediction.flat(), TOLERANCE);
    },
  );

  test('softmax.json, by label', async () => {
    expect(numbersOf(await answersOf('softmax.json'), 'predict')).toEqual(expected('softmax.json').prediction);
  });
});

test('a model that was stopped early is served by its best iteration, or by all trees where the drop says so', async () => {
  const best = numbersOf(await answersOf('early-stopped.json'), 'decision_function');
  expect(numbersOf(await answersOf('early-stopped.json', { trees: 'all' }), 'decision_function')).not.toEqual(best);
});

test('columns and classes have the names that the file or the drop gives them', () => {
  expect(inspect(referenceFile('models/xgboost/named.json')).content.features).toEqual(['age', 'größe', 'c', 'd']);
  const labels = ['no', 'perhaps', 'yes'];
  const { content } = inspect(referenceFile('models/xgboost/softprob.json'), { declared: { labels } });
  expect(content).toMatchObject({ format: 'xgboost', kind: 'trees', labels, features: ['f0', 'f1', 'f2', 'f3'] });
  expect(content.missing).toEqual(content.features);
});

describe('a broken model is refused', () => {
  const text = new TextDecoder().decode(referenceFile('models/xgboost/binary.json').bytes);
  const fileOf = (change: (model: Model) => void) => {
    const model = JSON.parse(text);
    change(model);
    return { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(model)) };
  };
  // biome-ignore lint/suspicious/noExplicitAny: a test breaks any place of a foreign document
  type Model = any;
  const tree = (model: Model) => model.learner.gradient_booster.model.trees[1];

  test.each<[string, (model: Model) => void, string]>([
    ['whose walk never ends', (m) => (tree(m).left_children[2] = 0), 'must have children from 3'],
    ['whose child is not there', (m) => (tree(m).right_children[0] = 99), 'must have children'],
    ['with two ways to one node', (m) => (tree(m).right_children[0] = tree(m).left_children[0]), 'children of its own'],
    ['that splits on a column that is not there', (m) => (tree(m).split_indices[0] = 4), 'one of 4 features'],
    ['with too few thresholds', (m) => tree(m).split_conditions.pop(), 'one a node'],
    ['with a categorical split of nothing', (m) => (tree(m).split_type[0] = 1), 'categories of its split'],
    ['of survival', (m) => (m.learner.objective.name = 'survival:cox'), 'must be one of reg:squarederror'],
    ['with an objective called constructor', (m) => (m.learner.objective.name = 'constructor'), 'must be one of'],
    ['with a base that is no probability', (m) => (m.learner.learner_model_param.base_score = '2'), 'base_score'],
    ['with an iteration that is not there', (m) => (m.learner.attributes.best_iteration = '9'), 'best_iteration'],
    ['of more classes than trees', (m) => (m.learner.learner_model_param.num_class = '900000000'), 'for each class'],
    ['of no number of classes', (m) => (m.learner.learner_model_param.num_class = 'x'), 'for each class or target'],
    ['of features without end', (m) => (m.learner.learner_model_param.num_feature = '900000000'), 'from 1 to 2000000'],
    ['with names for other columns', (m) => (m.learner.feature_names = ['a']), 'must name 4 features'],
    ['with no trees at all', (m) => delete m.learner.gradient_booster.model.trees, 'gradient_booster'],
  ])('%s', (_, change, told) => {
    expect(refusalOf(() => xgboost.read(fileOf(change), {}))).toContain(told);
  });

  test('cut off anywhere, as UBJSON', () => {
    const { name, bytes } = referenceFile('models/xgboost/softprob.ubj');
    for (let length = 20; length < bytes.length; length += 97) {
      expect(refusalOf(() => xgboost.read({ name, bytes: bytes.subarray(0, length) }, {}))).toMatch(
        /byte \d+|softprob/,
      );
    }
  });

  test('with a length that would take all memory', () => {
    const { name, bytes } = referenceFile('models/xgboost/softprob.ubj');
    const huge = bytes.slice();
    const at = new TextDecoder('latin1').decode(huge).indexOf('[$') + 5;
    huge.fill(0x7f, at, at + 7);
    expect(refusalOf(() => xgboost.read({ name, bytes: huge }, {}))).toContain('must hold as many values as it says');
  });
});
