import { expect, test } from 'vitest';
import { modelPathIn, neutral } from '../../../apps/cli/parcel.ts';

test.each([
  [['svm.model', 'svm.range', 'drop.json'], 'svm.model'],
  [['examples.json', 'a/model.json'], 'a/model.json'],
])('among %j the model file is found by its name', (paths, model) => {
  expect(modelPathIn(paths)).toBe(model);
});

test.each([
  [['svm.range'], 'no model file among svm.range'],
  [
    ['a.model', 'b.model', 'svm.range'],
    'push takes one model file, drop.json, examples.json, labelled.csv, a .range file and .data files; got',
  ],
  [['.range'], '.range is not a model file by its name'],
])('%j is no parcel', (paths, message) => {
  expect(() => modelPathIn(paths)).toThrow(message);
});

test('a companion that is taken back says nothing', () => {
  const companions = ['drop.json', 'examples.json', 'svm.range'].map((name) => ({ name, bytes: new Uint8Array(9) }));
  expect(neutral(companions).map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['{}', '[]', '']);
});
