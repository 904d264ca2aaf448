import { describe, expect, test } from 'vitest';
import { inspect } from '../../../models/formats/inspect.ts';
import { lightgbm } from '../../../models/formats/lightgbm/lightgbm.ts';
import { load } from '../../../models/formats/load.ts';
import { parseManifest } from '../../../models/manifest.ts';
import { explainModel, type NativeModel, nativePredictor } from '../../../models/native.ts';
import type { Tensor, Tensors } from '../../../models/tensor.ts';
import { expectClose } from '../../closeness.ts';
import { referenceFile, referenceJson } from '../../reference.ts';
import { refusalOf, textFile } from './files.ts';

type Row = (number | string | null)[];

/** What the definition of the text format says; contributions by output, the base last. */
interface Answers {
  readonly input: Row[];
  readonly raw: number[][];
  readonly prediction: number[][];
  readonly contributions: number[][][];
}

const signal = new AbortController().signal;
const expected = (name: string): Answers => referenceJson<Answers>(`models/lightgbm/${name}.expected.json`);
const modelOf = (name: string, declared = {}): NativeModel =>
  inspect(referenceFile(`models/lightgbm/${name}.txt`), { declared }).model;

const utf8 = new TextEncoder();
const numbers = (values: readonly (number | string | null)[], shape: number[]): Tensor => ({
  datatype: 'FP64',
  shape,
  data: Float64Array.from(values, (value) => (value === null ? Number.NaN : (value as number))),
});

function tensorsOf({ features, types }: NativeModel, rows: readonly Row[]): Tensors {
  const count = rows.length;
  if (types === undefined) return new Map([['input', numbers(rows.flat(), [count, features.length])]]);
  return new Map(
    features.map((name, k): [string, Tensor] => {
      const column = rows.map((row) => row[k] as number | string | null);
      if (!Object.hasOwn(types, name)) return [name, numbers(column, [count])];
      return [
        name,
        { datatype: 'BYTES', shape: [count], data: column.map((text) => utf8.encode((text as string) ?? '')) },
      ];
    }),
  );
}

const answersOf = (model: NativeModel, rows: readonly Row[]): Promise<Tensors> =>
  nativePredictor(model).predict(tensorsOf(model, rows), signal);

const dataOf = (outputs: Tensors, name: string): number[] =>
  Array.from(outputs.get(name)?.data as ArrayLike<number>, Number);

const NUMBERS = [
  'regression',
  'regression-sqrt',
  'regression_l1',
  'huber',
  'fair',
  'poisson',
  'quantile',
  'mape',
  'gamma',
  'tweedie',
  'cross_entropy_lambda',
  'lambdarank',
  'rank_xendcg',
  'own-objective',
  'own-objective-of-three',
  'forest',
];
const TWO_CLASSES = ['binary', 'binary-slope', 'cross_entropy', 'forest-binary', 'pandas'];
const MORE_CLASSES = ['multiclass', 'multiclass-of-two', 'multiclassova', 'forest-multiclass'];

describe('answers are those of the definition', () => {
  test.each(NUMBERS)('numbers: %s', async (name) => {
    const { input, prediction } = expected(name);
    expectClose(dataOf(await answersOf(modelOf(name), input), 'predict'), prediction.flat());
  });

  test.each(TWO_CLASSES)('two classes: %s', async (name) => {
    const { input, raw, prediction } = expected(name);
    const outputs = await answersOf(modelOf(name), input);
    expectClose(dataOf(outputs, 'decision_function'), raw.flat());
    expectClose(
      dataOf(outputs, 'predict_proba'),
      prediction.flatMap(([p = 0]) => [1 - p, p]),
    );
    expect(dataOf(outputs, 'predict')).toEqual(prediction.map(([p = 0]) => (p > 0.5 ? 1 : 0)));
  });

  test.each(MORE_CLASSES)('a margin for each class: %s', async (name) => {
    const { input, raw, prediction } = expected(name);
    const model = modelOf(name);
    const outputs = await answersOf(model, input);
    expectClose(dataOf(outputs, 'decision_function'), raw.flat());
    expectClose(dataOf(outputs, 'predict_proba'), prediction.flat());
    expect(dataOf(outputs, 'predict')).toEqual(prediction.map((row) => row.indexOf(Math.max(...row))));
    const { datatype, shape } = outputs.get('decision_function') as Tensor;
    const stated = model.scorer.outputs.find((output) => output.name === 'decision_function');
    expect({ datatype, shape: shape.slice(1) }).toEqual({ datatype: stated?.datatype, shape: stated?.shape.slice(1) });
  });
});

describe('contributions are Shapley values by their definition', () => {
  test.each([...NUMBERS, ...TWO_CLASSES, ...MORE_CLASSES])('%s', (name) => {
    const model = modelOf(name);
    const { input, contributions } = expected(name);
    const explained = explainModel(model, tensorsOf(model, input), 'all', signal);
    for (const [row, explanations] of explained.entries()) {
      // A margin between two classes speaks for the second, and turned around for the first.
      const wanted = contributions[row] as number[][];
      const told = explanations.length === wanted.length ? explanations : explanations.slice(1);
      expectClose(
        told.map(({ base, contributions: parts }) => [...parts.map((part) => part.contribution), base]),
        wanted,
      );
      for (const { error } of explanations) expect(error).toBeLessThan(1e-9);
    }
  });

  test('are not given for trees deeper than any that data grew', () => {
    const splits = 3_000;
    const each = (value: (node: number) => number) =>
      Array.from({ length: splits }, (_, node) => value(node)).join(' ');
    const leaves = Array.from({ length: splits + 1 }, () => 1).join(' ');
    const lines = [
      'tree\nversion=v4\nnum_class=1\nmax_feature_idx=0\nobjective=regression\nfeature_names=x',
      `Tree=0\nnum_leaves=${splits + 1}\nsplit_feature=${each(() => 0)}\nthreshold=${each((node) => node)}`,
      `decision_type=${each(() => 2)}\nleft_child=${each((node) => -node - 1)}`,
      `right_child=${each((node) => (node + 1 < splits ? node + 1 : -node - 2))}`,
      `leaf_value=${leaves}\nleaf_count=${leaves}\ninternal_count=${each(() => 2)}\n\nend of trees\n`,
    ];
    const model = lightgbm.read(textFile('a.txt', lines.join('\n')), {});
    expect(() => explainModel(model, tensorsOf(model, [[0]]), 'all', signal)).toThrow(
      'trees are explained up to a depth of 1000, got 3000',
    );
  });

  test('are not given where the file counts no rows', () => {
    const text = new TextDecoder().decode(referenceFile('models/lightgbm/regression.txt').bytes);
    const model = lightgbm.read(textFile('a.txt', text.replaceAll(/^(?:leaf|internal)_count=.*\n/gm, '')), {});
    expect(() => explainModel(model, tensorsOf(model, [[0, 0, 0, 0, 0]]), 'all', signal)).toThrow('is not explained');
  });
});

describe("a file of LightGBM's own", () => {
  /** As its test of missing values, test_missing_value_handle_na, leaves it: it answers the targets that it was trained on. */
  const file = `tree
version=v3
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=0
objective=regression
feature_names=Column_0
feature_infos=[0:7]
tree_sizes=293

Tree=0
num_leaves=2
num_cat=0
split_feature=0
split_gain=5
threshold=3.5000000000000004
decision_type=10
left_child=-1
right_child=-2
leaf_value=0.99999999999999978 0
leaf_weight=5.0000000000000009 4
leaf_count=5 4
internal_value=0
internal_weight=0
internal_count=9
is_linear=0
shrinkage=1


end of trees

feature_importances:
Column_0=1

parameters:
[boosting: gbdt]
[categorical_feature: ]

end of parameters

pandas_categorical:null
`;

  test.each([
    ['as it is', file],
    ['with line ends of Windows', file.replaceAll('\n', '\r\n')],
    ['as release 2 ends it', file.replace('version=v3', 'version=v2').replace('end of trees\n', '')],
  ])('%s', async (_, text) => {
    expect(lightgbm.recognises(utf8.encode(text))).toBe(true);
    const model = lightgbm.read(textFile('model.txt', text), {});
    const outputs = await answersOf(model, [[0], [1], [2], [3], [4], [5], [6], [7], [null]]);
    expectClose(dataOf(outputs, 'predict'), [1, 1, 1, 1, 0, 0, 0, 0, 1]);
  });
});

describe('names', () => {
  test('of columns are those of the file, or of the drop', () => {
    const stated = ['plain', 'zero=missing', 'größe', 'few', 'many'];
    expect(inspect(referenceFile('models/lightgbm/regression.txt')).content).toMatchObject({
      format: 'lightgbm',
      kind: 'trees',
      features: stated,
      missing: stated,
    });
    expect(modelOf('regression', { features: ['a', 'b', 'c', 'd', 'e'] }).features).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('of classes are those of the drop', () => {
    expect(modelOf('multiclass', { labels: ['no', 'perhaps', 'yes'] }).labels?.values).toEqual([
      'no',
      'perhaps',
      'yes',
    ]);
    expect(refusalOf(() => modelOf('regression', { labels: ['a', 'b'] }))).toContain('drop.json.labels must be absent');
  });
});

describe('columns of a pandas table', () => {
  test('are sent as they were: texts as texts, numbers as numbers', () => {
    const { content } = inspect(referenceFile('models/lightgbm/pandas.txt'));
    expect(content.types).toEqual({ few: 'text' });
    expect(content.signature.inputs.map(({ datatype }) => datatype)).toEqual(['FP64', 'FP64', 'FP64', 'BYTES', 'FP64']);
    expect(content.missing).toEqual(content.features);
  });

  test('are told by the lists of categories where the parameters do not say', async () => {
    const text = new TextDecoder().decode(referenceFile('models/lightgbm/pandas.txt').bytes);
    const model = lightgbm.read(textFile('a.txt', text.replace('[categorical_feature: 3,4]\n', '')), {});
    const { input, raw } = expected('pandas');
    expectClose(dataOf(await answersOf(model, input), 'decision_function'), raw.flat());
  });

  test('come back from the registry', async () => {
    const file = referenceFile('models/lightgbm/pandas.txt');
    const { content } = inspect(file);
    const [digest, at] = ['0'.repeat(64), '2026-01-01T00:00:00Z'];
    const blobs = [{ file: file.name, sha256: digest, bytes: file.bytes.length }];
    const stated = { schema: 1, model: 'm', version: 1, digest, createdAt: at, createdBy: 'test', ...content, blobs };
    const model = load(parseManifest(JSON.parse(JSON.stringify(stated))), file.bytes);
    const { input, raw } = expected('pandas');
    expectClose(dataOf(await answersOf(model, input), 'decision_function'), raw.flat());
  });

  test.each([
    ['more lists than categorical features', '[["a"],["b"],["c"]]', 'must belong to 3 categorical features'],
    ['what is no list', '{"a":1}', 'pandas_categorical must be'],
    ['what is no JSON', '[[', 'pandas_categorical[0][0] must be JSON'],
    ['a category twice', '[["a","a"],["b"]]', 'must not repeat a name, got "a"'],
  ])('are refused with %s', (_, json, message) => {
    const text = new TextDecoder().decode(referenceFile('models/lightgbm/pandas.txt').bytes);
    const broken = text.replace(/pandas_categorical:.*/, `pandas_categorical:${json}`);
    expect(refusalOf(() => lightgbm.read(textFile('a.txt', broken), {}))).toContain(message);
  });
});

describe('a broken model is refused', () => {
  const text = new TextDecoder().decode(referenceFile('models/lightgbm/binary.txt').bytes);
  const multi = new TextDecoder().decode(referenceFile('models/lightgbm/multiclassova.txt').bytes);

  const own = new TextDecoder().decode(referenceFile('models/lightgbm/own-objective-of-three.txt').bytes);

  test.each<[string, string, string | RegExp, string, string]>([
    [
      'of an unknown release',
      text,
      'version=v4',
      'version=v9',
      'a.txt line 2, version must be one of v2, v3, v4, got "v9"',
    ],
    ['of no release', text, 'version=v4\n', '', 'a.txt must state version'],
    [
      'with linear trees',
      text,
      'is_linear=0',
      'is_linear=1',
      'linear trees are not served; train with linear_tree=false',
    ],
    ['of an objective that is not known', text, 'binary sigmoid:1', 'survival', 'objective must be one of regression'],
    ['of an objective called constructor', text, 'binary sigmoid:1', 'constructor', 'objective must be one of'],
    ['without the slope of its sigmoid', text, ' sigmoid:1', '', 'objective must state sigmoid'],
    [
      'of less classes than trees',
      multi,
      'num_class:3',
      'num_class:2',
      'num_tree_per_iteration must be 2, as the objective',
    ],
    ['of one class', multi, 'num_class:3', 'num_class:1', 'objective must state num_class, got "num_class:1"'],
    [
      'of a tree too few',
      text,
      /Tree=1[\s\S]*?\n\n\n/,
      '',
      'must have one number for each of the 2 trees of the file, got 3',
    ],
    ['of more classes than trees', multi, 'num_class:3', 'num_class:900000000', 'must be 900000000, as the objective'],
    ['of trees an iteration that are not there', own, 'iteration=3', 'iteration=900000000', 'must divide the 9 trees'],
    ['of no trees', own, /Tree=[\s\S]*?end of trees/, 'end of trees', 'must divide the 0 trees of the file'],
    ['without its end', text, /end of trees[\s\S]*/, '', 'the file is cut off'],
    ['with a name too few', text, 'plain ', '', 'feature_names must hold 5 values'],
    ['with a name twice', text, 'plain ', 'few ', 'must not repeat a name, got "few"'],
    ['with a key twice', text, 'num_leaves=9', 'num_leaves=9\nnum_leaves=9', 'must not state num_leaves twice'],
    ['of more leaves than there are', text, 'num_leaves=9', 'num_leaves=2000000000', 'Tree=0 line'],
    [
      'that splits on a column that is not there',
      text,
      'split_feature=4',
      'split_feature=5',
      'must be one of 5 features',
    ],
    [
      'with a threshold that is no number',
      text,
      'threshold=0 0',
      'threshold=nan 0',
      'threshold must be a finite number',
    ],
    ['with a leaf that is no number', text, 'leaf_value=-', 'leaf_value=x', 'leaf_value must be a finite number'],
    [
      'whose walk never ends',
      text,
      'right_child=1',
      'right_child=0',
      'must lead from split 0 to a leaf or a later split',
    ],
    [
      'whose child is not there',
      text,
      'left_child=-1',
      'left_child=-10',
      'left_child must be an integer of at least -9',
    ],
    [
      'with two ways to one leaf',
      text,
      'left_child=-1',
      'left_child=-2',
      'must lead to every leaf and split once, got -2',
    ],
    ['of a set that is not there', text, 'threshold=0 0', 'threshold=1 0', 'must be one of 1 sets, got 1'],
    [
      'with sets that overlap backwards',
      text,
      'cat_boundaries=0 2',
      'cat_boundaries=3 2',
      'cat_boundaries must ascend',
    ],
    [
      'with too few words of a set',
      text,
      'cat_threshold=2854854870 255',
      'cat_threshold=2854854870',
      'cat_threshold must hold 2',
    ],
  ])('%s', (_, whole, from, to, message) => {
    expect(whole.replace(from, to)).not.toBe(whole);
    expect(refusalOf(() => lightgbm.read(textFile('a.txt', whole.replace(from, to)), {}))).toContain(message);
  });
});
