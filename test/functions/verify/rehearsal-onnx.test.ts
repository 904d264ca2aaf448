import { beforeEach, describe, expect, test } from 'vitest';
import { readChannel } from '../../../adapters/registry/channels.ts';
import { type Drop, listDrops } from '../../../adapters/registry/drops.ts';
import {
  categories,
  DOUBLE,
  doubles,
  FLOAT,
  int,
  node,
  onnx,
  singles,
  value,
} from '../../models/formats/onnx/written.ts';
import { referenceFile, referenceJson } from '../../reference.ts';
import { House } from '../house.ts';

/** y = slope x. */
const line = (slope: number, type: typeof DOUBLE | typeof FLOAT = DOUBLE): Uint8Array =>
  onnx({
    node: [node('MatMul', ['input', 'w'], ['y'])],
    initializer: [(type === DOUBLE ? doubles : singles)('w', [1, 1], [slope])],
    input: [value('input', type, ['N', 1])],
    output: [value('y', type, ['N', 1])],
  });

/** The probabilities of two classes, softmax(0, weight x), in single precision and without a label. */
const likelihoods = (weight: number): Uint8Array =>
  onnx({
    node: [node('MatMul', ['input', 'w'], ['z']), node('Softmax', ['z'], ['p'], int('axis', 1))],
    initializer: [singles('w', [1, 2], [0, weight])],
    input: [value('input', FLOAT, ['N', 1])],
    output: [value('p', FLOAT, ['N', 2])],
  });

const X = '{"features":["x"]}';
const LABELS = '{"features":["x"],"labels":["no","yes"],"outputs":{"probabilities":"p"}}';

/** y = 2 x, but for a wave. */
const rows = ['x,y', ...Array.from({ length: 60 }, (_, i) => `${i},${2 * i + Math.sin(i)}`)].join('\n');
/** Yes where x > 0, but for every tenth row. */
const classes = [
  'x,label',
  ...Array.from({ length: 80 }, (_, i) => `${(i - 40) / 10},${i > 40 !== (i % 10 === 0) ? 'yes' : 'no'}`),
].join('\n');

let house: House;
beforeEach(() => {
  house = new House();
});

async function drop(
  file: string,
  bytes: Uint8Array,
  companions: Record<string, string | Uint8Array> = {},
): Promise<Drop | undefined> {
  for (const [name, content] of Object.entries(companions))
    await house.inbox.create(`inbox/m/${name}`, Buffer.from(content));
  await house.drop('m', file, bytes);
  return (await listDrops(house.registry, 'm')).find((found) => found.file === file);
}

const stable = async () => (await readChannel(house.registry, 'm'))?.stable;

describe('an ONNX model', () => {
  test('is held beside the ONNX model that serves, on the same rows', async () => {
    const examples = (slope: number) =>
      JSON.stringify([{ inputs: { instances: [[0], [10]] }, outputs: [0, 10 * slope] }]);
    await drop('first.onnx', line(2), { 'drop.json': X });
    const found = await drop('second.onnx', line(2.5), { 'drop.json': X, 'examples.json': examples(2.5) });
    // A row of zeros, and two of the examples.
    expect(found?.rehearsal?.against).toEqual({ version: 1, rows: 3, changed: 1, largest: 5 });
  });

  test('is held beside a native one that takes the same features, on rows but not on tensors', async () => {
    const native = {
      modeldrop: 1,
      kind: 'linear',
      features: ['x'],
      parameters: { coefficients: [[2]], intercept: [0] },
    };
    const examples = JSON.stringify([
      { inputs: { instances: [[1], [2]] }, outputs: [2, 4] },
      { inputs: { inputs: [{ name: 'input', shape: [1, 1], datatype: 'FP32', data: [3] }] }, outputs: { y: [6] } },
    ]);
    await drop('first.json', Buffer.from(JSON.stringify(native)));
    const found = await drop('second.onnx', line(2, FLOAT), { 'drop.json': X, 'examples.json': examples });
    expect(found?.rehearsal?.against).toEqual({ version: 1, rows: 2, changed: 0, largest: 0 });
  });

  test('is not held beside one that answers another number of rows', async () => {
    const first = onnx({
      node: [node('ReduceSum', ['input'], ['y'], int('keepdims', 0))],
      input: [value('input', DOUBLE, ['N', 1])],
      output: [value('y', DOUBLE, [])],
    });
    await drop('first.onnx', first, { 'drop.json': X });
    const examples = JSON.stringify([{ inputs: { instances: [[1], [2]] }, outputs: [2, 4] }]);
    const found = await drop('second.onnx', line(2), { 'drop.json': X, 'examples.json': examples });
    expect(found).toMatchObject({
      state: 'released',
      rehearsal: { against: { why: expect.stringContaining('rows') } },
    });
  });

  test('is not held beside one that takes another tensor', async () => {
    await drop('first.onnx', referenceFile('models/digits-cnn.onnx').bytes);
    const found = await drop('second.onnx', line(2));
    expect(found?.rehearsal?.against).toEqual({ version: 1, why: 'it takes other features' });
  });

  test('that is worse on labelled rows is refused', async () => {
    await drop('first.onnx', line(2), { 'drop.json': X });
    const found = await drop('second.onnx', line(1.5), { 'drop.json': X, 'labelled.csv': rows });
    expect(found?.state).toBe('refused');
    expect(found?.error).toMatch(/^labelled\.csv shows that the model is worse than version 1, .* rmse is/);
    expect(await stable()).toBe(1);
  });

  test('that is no worse on labelled rows serves', async () => {
    await drop('first.onnx', line(1.5), { 'drop.json': X });
    const found = await drop('second.onnx', line(2), { 'drop.json': X, 'labelled.csv': rows });
    expect(found).toMatchObject({
      state: 'released',
      rehearsal: { against: { rows: 61, changed: 59 }, quality: { metric: 'rmse', serving: { isWorse: false } } },
    });
  });

  test('that answers labels and probabilities is judged by log loss', async () => {
    const text = 'age,city,label\n40,Oslo,yes\n20,Rome,no\n31,Rome,no\n';
    const found = await drop('first.onnx', categories(), { 'labelled.csv': text });
    // P(yes) = sigmoid(age - 30 + 2 [Oslo]); skl2onnx's kernels answer in single precision.
    const expected = [Math.log1p(Math.exp(-12)), Math.log1p(Math.exp(-10)), Math.log1p(Math.exp(1))];
    const mean = expected.reduce((sum, each) => sum + each, 0) / 3;
    expect(found?.rehearsal?.quality).toMatchObject({ metric: 'log loss', rows: 3 });
    expect(found?.rehearsal?.quality?.value).toBeCloseTo(mean, 5);
  });

  test('that answers probabilities alone is judged by them', async () => {
    await drop('first.onnx', likelihoods(2), { 'drop.json': LABELS });
    const found = await drop('second.onnx', likelihoods(-2), { 'drop.json': LABELS, 'labelled.csv': classes });
    expect(found?.error).toMatch(/worse than version 1, which serves: its log loss is/);
  });

  test('that takes pictures is judged by columns in the order of their pixels', async () => {
    const picture = (weights: number[]): Uint8Array =>
      onnx({
        node: [node('Flatten', ['input'], ['flat']), node('MatMul', ['flat', 'w'], ['y'])],
        initializer: [doubles('w', [4, 1], weights)],
        input: [value('input', DOUBLE, ['N', 1, 2, 2])],
        output: [value('y', DOUBLE, ['N', 1])],
      });
    const digits = Array.from({ length: 40 }, (_, i) => [i % 2, i % 3, i % 5, i % 7] as const);
    const text = ['a,b,y,c,d', ...digits.map(([a, b, c, d]) => [a, b, 1000 * a + 100 * b + 10 * c + d, c, d])].join(
      '\n',
    );
    const beside = { 'labelled.csv': text };
    const first = await drop('first.onnx', picture([1000, 100, 10, 1]), beside);
    expect(first?.rehearsal?.quality).toEqual({ metric: 'rmse', rows: 40, value: 0 });
    const second = await drop('second.onnx', picture([1000, 10, 100, 1]), beside);
    expect(second?.error).toMatch(/worse than version 1, which serves/);
    expect(second?.state).toBe('refused');
  });

  test('whose columns nobody named takes those of the table in their order', async () => {
    const first = onnx({
      node: [node('MatMul', ['input', 'w'], ['y'])],
      initializer: [doubles('w', [2, 1], [10, 1])],
      input: [value('input', DOUBLE, ['N', 2])],
      output: [value('y', DOUBLE, ['N', 1])],
    });
    const found = await drop('first.onnx', first, { 'labelled.csv': 'tens,ones,y\n1,2,12\n3,4,34\n' });
    expect(found?.rehearsal?.quality).toEqual({ metric: 'rmse', rows: 2, value: 0 });
  });

  test.each([
    [
      'whose rows take another number of columns',
      () => referenceFile('models/digits-cnn.onnx').bytes,
      ': table must hold 64 columns of numbers beside the target: a row of "input" [-1, 1, 8, 8], the last dimension first to change, got "1 columns"',
    ],
    [
      'whose rows have no one size',
      () =>
        onnx({
          node: [node('ReduceSum', ['input'], ['y'], int('keepdims', 0))],
          input: [value('input', DOUBLE, ['N', 'L', 2])],
          output: [value('y', DOUBLE, [])],
        }),
      ': table can judge only a model that takes columns of a table, or one input with rows of one size, such as [-1, 1, 28, 28]; this one takes "input" [-1, -1, 2]',
    ],
    [
      'of several outputs without a role',
      () =>
        onnx({
          node: [node('Identity', ['input'], ['a']), node('Neg', ['input'], ['b'])],
          input: [value('input', DOUBLE, ['N', 1])],
          output: [value('a', DOUBLE, ['N', 1]), value('b', DOUBLE, ['N', 1])],
        }),
      ' can judge a model with several outputs only where drop.json names them',
    ],
  ])('%s can not be judged, and says so', async (_, bytes, words) => {
    const found = await drop('first.onnx', bytes(), { 'labelled.csv': 'input,y\n1,2\n2,3\n' });
    expect(found?.error).toContain(`labelled.csv${words}`);
  });
});

test('a serving model with a .range file is asked as it serves', async () => {
  const { bytes } = referenceFile('models/libsvm-range-svr.model');
  const range = referenceFile('models/libsvm-range-svr.range').bytes;
  const { input, prediction } = referenceJson<{ input: number[][]; prediction: number[] }>(
    'models/libsvm-range-svr.expected.json',
  );
  const examples = JSON.stringify([{ inputs: { instances: input.slice(0, 4) }, outputs: prediction.slice(0, 4) }]);
  await drop('first.model', bytes, { 'a.range': range });
  const found = await drop('second.model', bytes, { 'a.range': range, 'examples.json': examples });
  expect(found?.rehearsal?.against).toEqual({ version: 1, rows: 5, changed: 0, largest: 0 });
});
