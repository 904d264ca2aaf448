import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { listDrops } from '../../adapters/registry/drops.ts';
import { DOUBLE, line, node, onnx, split, value } from '../models/formats/onnx/written.ts';
import { type Entry, tarOf } from '../models/formats/triton/archive.ts';
import { type House, openHouse } from './house.ts';

const config = (more = '', input = 'name: "input" data_type: TYPE_FP64 dims: [ 2 ]') => ({
  path: 'lines/config.pbtxt',
  content: `name: "lines" platform: "onnxruntime_onnx" max_batch_size: 8 input [ { ${input} } ] ${more}`,
});
const model: Entry = { path: 'lines/1/model.onnx', content: line() };

let house: House;
beforeEach(async () => {
  house = await openHouse();
});

async function drop(...entries: readonly Entry[]) {
  await house.drop('lines', 'lines.tar.gz', gzipSync(tarOf(...entries)));
  return (await listDrops(house.registry, 'lines'))[0];
}

const predict = (instances: unknown) =>
  house.api({ method: 'POST', path: '/v1/models/lines:predict', body: { instances } });

/** Twice the first less the second, with weights that the exporter wrote beside the model. */
const apart = split(
  onnx({
    node: [node('MatMul', ['input', 'w'], ['y'])],
    initializer: [
      { name: 'w', dataType: DOUBLE, dims: [2n, 1n], rawData: new Uint8Array(Float64Array.of(2, -1).buffer) },
    ],
    input: [value('input', DOUBLE, ['N', 2])],
    output: [value('y', DOUBLE, ['N', 1])],
  }),
  'model.onnx.data',
);

describe('a Triton repository', () => {
  test('answers as the ONNX file in it does', async () => {
    expect(await drop(config('output { name: "y" data_type: TYPE_FP64 dims: [ 1 ] }'), model)).toMatchObject({
      state: 'released',
      version: 1,
    });
    const answered = await predict([
      [1, 2],
      [3, -4],
    ]);
    await house.drop('bare', 'model.onnx', line());
    const bare = await house.api({
      method: 'POST',
      path: '/v1/models/bare:predict',
      body: {
        instances: [
          [1, 2],
          [3, -4],
        ],
      },
    });
    expect(answered.status).toBe(200);
    expect(answered.json).toEqual(bare.json);
    // And it is held beside what comes next.
    await house.drop('lines', 'next.onnx', line());
    const next = (await listDrops(house.registry, 'lines')).find(({ file }) => file === 'next.onnx');
    expect(next?.rehearsal?.against).toEqual({ version: 1, rows: 1, changed: 0, largest: 0 });
  });

  test('brings its tensors along, needs no config, and is served as its highest version', async () => {
    const old: Entry = { path: 'lines/1/model.onnx', content: line() };
    const entries = [
      { path: 'lines/2/model.onnx', content: apart.model },
      { path: 'lines/2/model.onnx.data', content: apart.data },
    ];
    expect(await drop(old, ...entries)).toMatchObject({ state: 'released' });
    expect((await predict([[5, 3]])).json).toEqual({ predictions: [7] });
  });

  test.each<[string, Entry[], string]>([
    [
      'of PyTorch',
      [{ path: 'lines/1/model.pt', content: 'x' }],
      'not one for model.pt: export the model: torch.onnx.export',
    ],
    [
      'of PyTorch, by its config',
      [{ path: 'lines/config.pbtxt', content: 'platform: "pytorch_libtorch"' }, { path: 'lines/1/model.pt' }],
      'not one for pytorch_libtorch: export the model: torch.onnx.export',
    ],
    [
      'of TensorFlow',
      [{ path: 'lines/1/model.savedmodel/saved_model.pb', content: 'x' }],
      'not one for model.savedmodel: convert it: python -m tf2onnx.convert',
    ],
    [
      'of TensorFlow, by its config',
      [
        { path: 'lines/config.pbtxt', content: 'platform: "tensorflow_savedmodel"' },
        { path: 'lines/1/model.savedmodel/saved_model.pb' },
      ],
      'not one for tensorflow_savedmodel: convert it',
    ],
    [
      'of Python',
      [
        { path: 'lines/config.pbtxt', content: 'backend: "python"' },
        { path: 'lines/1/model.py', content: 'x' },
      ],
      'not one for python: code is not a model',
    ],
    ['of TensorRT', [{ path: 'lines/1/model.plan', content: 'x' }], 'drop the ONNX file that it was made from'],
    ['of trees', [{ path: 'lines/1/xgboost.json', content: '{}' }], 'drop the file of XGBoost or LightGBM'],
    ['whose model is no ONNX', [config(), { ...model, content: 'text' }], 'lines/1/model.onnx'],
  ])('%s is refused with what helps', async (_, entries, words) => {
    const found = await drop(...entries);
    expect(found?.state).toBe('refused');
    expect(found?.error).toContain(words);
  });

  test.each([
    [
      'an input that is not there',
      config('', 'name: "x" data_type: TYPE_FP64 dims: [ 2 ]'),
      'input[0].name must be an input of the graph (input), got "x"',
    ],
    [
      'another datatype',
      config('', 'name: "input" data_type: TYPE_FP32 dims: [ 2 ]'),
      'input[0].data_type must be FP64, as input is in the graph, got "FP32"',
    ],
    [
      'another shape',
      config('', 'name: "input" data_type: TYPE_FP64 dims: [ 3 ]'),
      'input[0].dims must fit the shape [-1,2] of input in the graph, after the batch, got "[3]"',
    ],
    [
      'an output that is not there',
      config('output { name: "z" data_type: TYPE_FP64 dims: [ 1 ] }'),
      'output[0].name must be an output of the graph (y), got "z"',
    ],
  ])('whose config tells of %s is refused', async (_, entry, words) => {
    const found = await drop(entry, model);
    expect(found?.error).toContain(`config.pbtxt, ${words}`);
  });
});
