import { expect, it } from 'vitest';
import { nestedTensor } from '../../models/onnx-sheet.ts';
import type { TensorSpec } from '../../models/signature.ts';

const image: TensorSpec = { name: 'image', datatype: 'FP32', shape: [-1, 1, 2, -1] };
const tensor = (data: unknown) => () => nestedTensor(image, data, 'instances');

it('nested arrays fill a tensor', () => {
  const { shape, data } = tensor([
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  ])();
  expect(shape).toEqual([1, 1, 2, 3]);
  expect(Array.from(data as Float32Array)).toEqual([1, 2, 3, 4, 5, 6]);
});

it.each([
  ['a number where the model has a length', [[1]], 'instances[0][0] must be an array of 2, as input image has shape'],
  [
    'a number where any length is right',
    [[[1, 2]]],
    'instances[0][0][0] must be an array of any length, as input image',
  ],
  [
    'a row that is shorter than the first',
    [[[[1, 2], [3]]]],
    'instances[0][0][1] must be an array of 2, as input image',
  ],
])('%s is told what would be right', (_, data, words) => {
  expect(tensor(data)).toThrow(words);
});
