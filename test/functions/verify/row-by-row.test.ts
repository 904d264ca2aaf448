import { expect, it } from 'vitest';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { withRowsProved } from '../../../functions/verify/row-by-row.ts';
import type { CascadeInspection } from '../../../models/formats/cascade/inspect-cascade.ts';
import { inspectDropped, type OnnxInspection } from '../../../models/formats/dropped.ts';
import { cascadeArchive } from '../../cascade-archive.ts';
import {
  BOOL,
  FLOAT,
  FLOAT16,
  INT64,
  int,
  ints,
  line,
  longs,
  node,
  onnx,
  STRING,
  singles,
  value,
} from '../../models/formats/onnx/written.ts';
import { referenceFile } from '../../reference.ts';

const open = openInRuntime();

async function isShown(bytes: Uint8Array): Promise<boolean> {
  const inspection = inspectDropped({ name: 'm.onnx', bytes }, {}) as OnnxInspection;
  const { content } = await withRowsProved(inspection, open);
  return content.onnx?.rowByRow ?? false;
}

const [x, y] = [value('x', FLOAT, ['N', 2]), value('y', FLOAT, ['N', 2])];

/** PyTorch's recurrent layers take steps first, unless they are told otherwise. */
const stepsFirst = (): Uint8Array =>
  onnx({
    node: [node('RNN', ['x', 'w', 'r'], ['all'], int('hidden_size', 2)), node('Squeeze', ['all', 'direction'], ['y'])],
    initializer: [
      singles('w', [1, 2, 2], [0.5, 0.1, -0.3, 0.7]),
      singles('r', [1, 2, 2], [0.9, 0.2, -0.4, 0.6]),
      longs('direction', [1], [1]),
    ],
    input: [value('x', FLOAT, ['steps', 'batch', 2])],
    output: [value('y', FLOAT, ['steps', 'batch', 2])],
  });

it.each<[string, Uint8Array]>([
  ['a line', line()],
  ['a CNN', referenceFile('models/digits-cnn.onnx').bytes],
  ['an RNN', referenceFile('models/digits-rnn.onnx').bytes],
  [
    'whole numbers, truth values, texts and half floats',
    onnx({
      node: ['i', 'o', 's', 'h'].map((name) => node('Identity', [name], [`${name}2`])),
      input: [
        value('i', INT64, ['N', 2]),
        value('o', BOOL, ['N', 2]),
        value('s', STRING, ['N', 2]),
        value('h', FLOAT16, ['N', 2]),
      ],
      output: [
        value('i2', INT64, ['N', 2]),
        value('o2', BOOL, ['N', 2]),
        value('s2', STRING, ['N', 2]),
        value('h2', FLOAT16, ['N', 2]),
      ],
    }),
  ],
  [
    'an image of any size that is halved five times',
    onnx({
      node: [
        node('MaxPool', ['x'], ['p'], ints('kernel_shape', 32, 32), ints('strides', 32, 32)),
        node('GlobalAveragePool', ['p'], ['y']),
      ],
      input: [value('x', FLOAT, ['N', 1, 'h', 'w'])],
      output: [value('y', FLOAT, ['N', 1, 1, 1])],
    }),
  ],
])('%s answers each row as it is alone', async (_, bytes) => {
  expect(await isShown(bytes)).toBe(true);
});

it.each<[string, Uint8Array]>([
  [
    'a sum over the rows so far',
    onnx({
      node: [node('CumSum', ['x', 'axis'], ['y'])],
      initializer: [longs('axis', [], [0])],
      input: [x],
      output: [y],
    }),
  ],
  ['a softmax over the rows', onnx({ node: [node('Softmax', ['x'], ['y'], int('axis', 0))], input: [x], output: [y] })],
  ['a recurrence along the rows', stepsFirst()],
  [
    'one answer to all rows',
    onnx({
      node: [node('ReduceSum', ['x', 'axis'], ['y'], int('keepdims', 1))],
      initializer: [longs('axis', [1], [0])],
      input: [x],
      output: [y],
    }),
  ],
  [
    'a model that answers none of our rows',
    onnx({
      node: [node('Reshape', ['x', 'to'], ['y'])],
      initializer: [longs('to', [2], [-1, 7])],
      input: [value('x', FLOAT, ['N', 'M'])],
      output: [value('y', FLOAT, ['N', 7])],
    }),
  ],
])('%s is not shown to', async (_, bytes) => {
  expect(await isShown(bytes)).toBe(false);
});

it('of a cascade, the large model is asked', async () => {
  const dropped = { name: 'cascade.tar', bytes: cascadeArchive() };
  const { content } = await withRowsProved(inspectDropped(dropped, {}) as CascadeInspection, open);
  expect(content.cascade?.large.onnx.rowByRow).toBe(true);
});
