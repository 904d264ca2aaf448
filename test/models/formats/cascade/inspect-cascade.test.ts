import { describe, expect, it } from 'vitest';
import { inspectDropped } from '../../../../models/formats/dropped.ts';
import { cascadeArchive, STATED, smallDigits } from '../../../cascade-archive.ts';

const inspected = (bytes: Uint8Array, declared = {}) => inspectDropped({ name: 'cascade.tar', bytes }, { declared });

it('is the small model to whoever calls it, with who answered beside', () => {
  const { content } = inspected(cascadeArchive());
  expect(content.kind).toBe('cascade');
  expect(content.features).toHaveLength(64);
  expect(content.signature.inputs).toEqual([{ name: 'input', datatype: 'FP64', shape: [-1, 64] }]);
  expect(content.signature.outputs.map(({ name }) => name)).toEqual(['predict', 'predict_proba', 'answered_by']);
  expect(content.labels).toEqual([6, 9, 3, 7, 2, 1, 5, 4, 0, 8]);
});

it('knows where the large model has the classes of the small one', () => {
  const { content } = inspected(cascadeArchive());
  expect(content.cascade?.large).toMatchObject({ output: 'logits', order: [6, 9, 3, 7, 2, 1, 5, 4, 0, 8] });
});

it('takes what its drop.json says of the features', () => {
  const features = Array.from({ length: 64 }, (_, i) => `pixel${i}`);
  expect(inspected(cascadeArchive(), { features, kind: 'cascade' }).content.features).toEqual(features);
});

const pixels = Array.from({ length: 63 }, (_, i) => `p${i}`);
const regression = {
  modeldrop: 1,
  kind: 'linear',
  features: [...pixels, 'p63'],
  parameters: { coefficients: [[...pixels, 'p63'].map(() => 1)], intercept: [0] },
};
const binary = { ...regression, kind: 'logistic', labels: ['no', 'yes'] };
const narrow = {
  ...binary,
  features: pixels,
  parameters: { coefficients: [pixels.map(() => 1)], intercept: [0] },
};

describe('is refused', () => {
  it.each([
    ['another version of the format', { ...STATED, modeldrop: 2 }, undefined, /cascade\.json\.modeldrop/],
    ['a threshold above 1', { ...STATED, threshold: 1.5 }, undefined, /cascade\.json\.threshold/],
    ['a temperature of 0', { ...STATED, temperature: 0 }, undefined, /cascade\.json\.temperature/],
    ['an unknown key', { ...STATED, medium: 'x' }, undefined, /medium/],
    [
      'a small file that is not there',
      { ...STATED, small: 'none.json' },
      undefined,
      /cascade\.json\.small must name a file of the archive: .*none\.json/,
    ],
    [
      'a large file that is not there',
      { ...STATED, large: '../large.onnx' },
      undefined,
      /cascade\.json\.large must name a file/,
    ],
    ['a small model of numbers', STATED, regression, /cascade\.json\.small must name a classifier with probabilities/],
    [
      'a small model of fewer classes',
      STATED,
      binary,
      /cascade\.json\.large must name a model with one output of 2 floats/,
    ],
    [
      'a small model of other features',
      STATED,
      narrow,
      /cascade\.json\.large must name a model of one input of floats, 63 numbers a row/,
    ],
    ['a threshold for deciding', STATED, { ...binary, positive: 'yes', threshold: 0.3 }, /without a threshold/],
    [
      'labels of another model',
      { ...STATED, labels: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
      undefined,
      /cascade\.json\.labels must be those of the small model/,
    ],
    ['fewer labels', { ...STATED, labels: [0, 1] }, undefined, /cascade\.json\.labels must be those/],
    ['a large model that is no ONNX', { ...STATED, large: 'small.json' }, undefined, /small\.json/],
    ['a small model that is ONNX', { ...STATED, small: 'digits-cnn.onnx' }, undefined, /digits-cnn\.onnx/],
  ])('%s', (_, stated, small, message) => {
    expect(() => inspected(cascadeArchive(stated, small ?? smallDigits()))).toThrow(message);
  });

  it('a drop that is held to be of another kind', () => {
    expect(() => inspected(cascadeArchive(), { kind: 'logistic' })).toThrow('drop.json.kind must be cascade');
  });

  it('an archive with links, or paths that go up', () => {
    expect(() => inspected(cascadeArchive(STATED, smallDigits(), { path: '../x', content: '' }))).toThrow(
      'inside the archive',
    );
  });
});
