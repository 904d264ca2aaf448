import { expect, it } from 'vitest';
import { checkImage, type ImageSpec } from '../../../models/image/image-spec.ts';
import type { TensorSpec } from '../../../models/signature.ts';

const spec: ImageSpec = { width: 8, height: 6, channels: 3, layout: 'NCHW' };
const taking = (shape: number[], datatype: TensorSpec['datatype'] = 'FP32', more: TensorSpec[] = []) => ({
  inputs: [{ name: 'input', datatype, shape }, ...more],
  outputs: [],
});

it.each([
  ['planes', spec, [-1, 3, 6, 8]],
  ['pixels', { ...spec, layout: 'NHWC' as const }, [-1, 6, 8, 3]],
  ['one image at a time', spec, [1, 3, 6, 8]],
  ['sides of any length', spec, [-1, 3, -1, -1]],
  ['flat rows', spec, [-1, 144]],
])('fits %s', (_, declared, shape) => {
  expect(() => checkImage(declared, taking(shape))).not.toThrow();
});

it.each([
  [
    'the other layout',
    spec,
    taking([-1, 6, 8, 3]),
    'drop.json.image must be what the model takes as a row: it says [3,6,8], NCHW',
  ],
  ['another size', spec, taking([-1, 3, 8, 8]), 'drop.json.image must be'],
  ['too few numbers', spec, taking([-1, 143]), 'drop.json.image must be'],
  ['integers', spec, taking([-1, 3, 6, 8], 'UINT8'), 'drop.json.image must be'],
  [
    'two inputs',
    spec,
    taking([-1, 3, 6, 8], 'FP32', [{ name: 'b', datatype: 'FP32', shape: [-1] }]),
    'drop.json.image must be',
  ],
  [
    'a mean for fewer channels',
    { ...spec, mean: [0.5] },
    taking([-1, 144]),
    'drop.json.image.mean must hold 3 numbers',
  ],
  [
    'a deviation for fewer channels',
    { ...spec, deviation: [1, 1] },
    taking([-1, 144]),
    'drop.json.image.deviation must hold 3',
  ],
])('does not fit %s', (_, declared, signature, words) => {
  expect(() => checkImage(declared, signature)).toThrow(words);
});
