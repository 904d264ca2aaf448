import { afterEach, describe, expect, it } from 'vitest';
import { onnxPredictor } from '../../../adapters/onnx/onnx-predictor.ts';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { ModelFileRefused, UnfitInput } from '../../../models/errors.ts';
import { inspectDropped, type OnnxInspection } from '../../../models/formats/dropped.ts';
import type { ModelFile } from '../../../models/formats/format.ts';
import type { Predictor } from '../../../models/predictor.ts';
import { fp64, type Tensor, type Tensors } from '../../../models/tensor.ts';
import { expectClose } from '../../closeness.ts';
import { predictorContract } from '../../contract/predictor.ts';
import {
  BOOL,
  categories,
  external,
  FLOAT,
  FLOAT16,
  INT32,
  INT64,
  line,
  node,
  onnx,
  STRING,
  singles,
  text,
  value,
} from '../../models/formats/onnx/written.ts';
import { referenceFile, referenceJson } from '../../reference.ts';

const open = openInRuntime();
const { signal } = new AbortController();
const opened: Predictor[] = [];

const predictorOf = async (bytes: Uint8Array, siblings: ModelFile[] = []): Promise<Predictor> => {
  const { content, onnx: served } = inspectDropped({ name: 'm.onnx', bytes }, { siblings }) as OnnxInspection;
  const predictor = onnxPredictor(content.signature, await open(served));
  opened.push(predictor);
  return predictor;
};

afterEach(async () => {
  for (const predictor of opened.splice(0)) await predictor.close();
});

predictorContract('ONNX Runtime', {
  open: async () => {
    const { content, onnx: served } = inspectDropped({ name: 'm.onnx', bytes: line() }, {}) as OnnxInspection;
    return onnxPredictor(content.signature, await open(served));
  },
  rows: [
    [1, 2],
    [3, -4],
    [0, 7],
  ],
  takesMissing: 'NaN is a missing value, which an ONNX model itself knows what to make of',
});

interface Expected {
  readonly input: number[][];
  readonly input_shape?: number[];
  readonly label?: number[];
  readonly [figures: string]: unknown;
}

describe('the reference models', () => {
  it.each([
    ['linear', 'prediction', 'prediction', 1e-5],
    ['logistic', 'probabilities', 'probabilities', 1e-5],
    ['svm-rbf', 'scores', 'decision_ovo', 1e-5],
    ['digits-cnn', 'logits', 'logits', 1e-4],
    ['digits-rnn', 'logits', 'logits', 1e-4],
  ])('%s answers what its reference answers', async (name, output, figures, tolerance) => {
    const expected = referenceJson<Expected>(`models/${name}.expected.json`);
    const predictor = await predictorOf(referenceFile(`models/${name}.onnx`).bytes);
    const values = Float64Array.from(expected.input.flat(3));
    const shape = expected.input_shape ?? [expected.input.length, values.length / expected.input.length];
    const [input] = predictor.signature.inputs;
    const answered = await predictor.predict(new Map([[input?.name ?? '', fp64(shape, values)]]), signal);
    expectClose(answered.get(output)?.data as Float32Array, expected[figures] as number[], tolerance);
    const labels = answered.get('label');
    if (labels) expect(Array.from(labels.data, Number)).toEqual(expected.label);
  });
});

describe('a model in ONNX Runtime', () => {
  const echo = (elemType: number) =>
    onnx({
      node: [node('Identity', ['x'], ['y'])],
      input: [value('x', elemType, ['N', 2])],
      output: [value('y', elemType, ['N', 2])],
    });
  const utf8 = (word: string) => new TextEncoder().encode(word);
  const ask = async (bytes: Uint8Array, inputs: Record<string, Tensor>, siblings: ModelFile[] = []): Promise<Tensors> =>
    (await predictorOf(bytes, siblings)).predict(new Map(Object.entries(inputs)), signal);

  it.each<[number, Tensor]>([
    [FLOAT, { datatype: 'FP32', shape: [1, 2], data: Float32Array.of(0.1, -3) }],
    [FLOAT16, { datatype: 'FP16', shape: [1, 2], data: Float16Array.of(0.5, -3) }],
    [INT64, { datatype: 'INT64', shape: [1, 2], data: BigInt64Array.of(2n ** 60n, -3n) }],
    [INT32, { datatype: 'INT32', shape: [1, 2], data: Int32Array.of(2 ** 30, -3) }],
    [13, { datatype: 'UINT64', shape: [1, 2], data: BigUint64Array.of(2n ** 63n, 3n) }],
    [2, { datatype: 'UINT8', shape: [1, 2], data: Uint8Array.of(200, 3) }],
    [BOOL, { datatype: 'BOOL', shape: [1, 2], data: Uint8Array.of(1, 0) }],
    [STRING, { datatype: 'BYTES', shape: [1, 2], data: [utf8('Zürich'), utf8('')] }],
  ])('takes and answers elements of ONNX type %d as they are', async (elemType, x) => {
    expect((await ask(echo(elemType), { x })).get('y')).toEqual(x);
  });

  it('refuses bytes that are no text', async () => {
    const asked = ask(echo(STRING), {
      x: { datatype: 'BYTES', shape: [1, 2], data: [Uint8Array.of(0xff), utf8('a')] },
    });
    await expect(asked).rejects.toThrow(UnfitInput);
    await expect(asked).rejects.toThrow('input x[0] must be UTF-8');
  });

  it('answers with a missing value what it makes of it', async () => {
    const answered = await ask(line(), { input: fp64([1, 2], Float64Array.of(Number.NaN, 1)) });
    expect(Array.from(answered.get('y')?.data as Float64Array)).toEqual([Number.NaN]);
  });

  it('scores categories as scikit-learn exports them', async () => {
    const answered = await ask(categories(), {
      age: { datatype: 'FP32', shape: [3, 1], data: Float32Array.of(30, 31, 27) },
      city: { datatype: 'BYTES', shape: [3, 1], data: [utf8('Oslo'), utf8('Rome'), utf8('nowhere')] },
    });
    const labels = answered.get('output_label')?.data as readonly Uint8Array[];
    expect(labels.map((label) => new TextDecoder().decode(label))).toEqual(['yes', 'yes', 'no']);
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    const probabilities = [2, 1, -3].map(sigmoid).flatMap((yes) => [1 - yes, yes]);
    expectClose(answered.get('probabilities')?.data as Float32Array, probabilities, 1e-6);
  });

  it('normalises texts, whatever locale the file asked for', async () => {
    const bytes = onnx({
      node: [node('StringNormalizer', ['x'], ['y'], text('case_change_action', 'LOWER'), text('locale', 'en_US'))],
      input: [value('x', STRING, ['N'])],
      output: [value('y', STRING, ['N'])],
    });
    const answered = await ask(bytes, { x: { datatype: 'BYTES', shape: [1], data: [utf8('OSLO')] } });
    expect(answered.get('y')?.data).toEqual([utf8('oslo')]);
  });

  it('computes with tensors from its sibling', async () => {
    const bytes = onnx({
      node: [node('MatMul', ['x', 'w'], ['y'])],
      initializer: [external('w', [2, 1], { location: 'm.onnx.data', offset: '4', length: '8' })],
      input: [value('x', FLOAT, ['N', 2])],
      output: [value('y', FLOAT, ['N', 1])],
    });
    const sibling = { name: 'm.onnx.data', bytes: new Uint8Array(Float32Array.of(9, 2, 10).buffer) };
    const answered = await ask(bytes, { x: fp64([1, 2], Float64Array.of(3, 4)) }, [sibling]);
    expect(answered.get('y')?.data).toEqual(Float32Array.of(46));
  });

  it('says in its own words what it does not take', async () => {
    const bytes = onnx({
      node: [node('Relu', ['nowhere'], ['y'])],
      input: [value('x', FLOAT, ['N', 2])],
      output: [value('y', FLOAT, ['N', 2])],
    });
    const opening = predictorOf(bytes);
    await expect(opening).rejects.toThrow(ModelFileRefused);
    await expect(opening).rejects.toThrow(/is not taken by ONNX Runtime: .*nowhere/);
    await expect(opening).rejects.not.toThrow('onnxruntime_src');
  });

  it('says what it does not answer, without the places in its source', async () => {
    const bytes = onnx({
      node: [node('Gather', ['w', 'x'], ['y'])],
      initializer: [singles('w', [2], [1, 2])],
      input: [value('x', INT64, ['N'])],
      output: [value('y', FLOAT, ['N'])],
    });
    const asked = ask(bytes, { x: { datatype: 'INT64', shape: [1], data: BigInt64Array.of(7n) } });
    await expect(asked).rejects.toMatchObject({ name: 'RunFailed', status: 422 });
    await expect(asked).rejects.toThrow(/^the model does not answer these inputs: indices element out of data bounds/);
  });

  it('is closed only when its last run has ended', async () => {
    const closed: string[] = [];
    const gate = Promise.withResolvers<Tensors>();
    const { content } = inspectDropped({ name: 'm.onnx', bytes: line() }, {}) as OnnxInspection;
    const predictor = onnxPredictor(content.signature, {
      run: () => gate.promise,
      close: async () => void closed.push('closed'),
    });
    const running = predictor.predict(new Map([['input', fp64([1, 2], new Float64Array(2))]]), signal);
    const closing = predictor.close();
    await Promise.resolve();
    expect(closed).toEqual([]);
    gate.resolve(new Map([['y', fp64([1, 1], Float64Array.of(1))]]));
    await running;
    await closing;
    expect(closed).toEqual(['closed']);
  });
});
