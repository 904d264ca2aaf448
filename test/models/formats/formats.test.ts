import { describe, expect, it } from 'vitest';
import { detect, formatNamed, formats } from '../../../models/formats/formats.ts';
import { referenceFile } from '../../reference.ts';
import { refusalOf, textFile } from './files.ts';

const bytes = (...values: (number | string)[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => (typeof value === 'number' ? [value] : Array.from(Buffer.from(value)))));

describe('detecting a format', () => {
  it('goes by content, whatever the name', () => {
    expect(detect({ ...referenceFile('models/libsvm-iris-linear.model'), name: 'model.json' }).name).toBe('libsvm');
    expect(detect(textFile('svm.model', '\n {"kind": "linear", "modeldrop" : 1}')).name).toBe('model.json');
  });

  it.each<[string, Uint8Array, string]>([
    ['a pickle', bytes(0x80, 0x04, 0x95), 'is a Python pickle, which is code and is never loaded'],
    ['a compressed joblib dump', bytes(0x78, 0x9c, 0x01), 'is a compressed joblib dump'],
    ['a zip', bytes('PK', 3, 4, 0), 'is a zip archive, as torch.save, Keras and numpy.savez write them'],
    ['an HDF5 file', bytes(0x89, 'HDF\r\n', 0x1a), 'is an HDF5 file, as Keras writes them'],
    ['gzip', bytes(0x1f, 0x8b, 8), 'is gzip compressed: drop the model file itself: gunzip <file>'],
    ['CatBoost', bytes('CBM1', 0), 'is a CatBoost model'],
    ['PMML', bytes('<?xml version="1.0"?>\n<PMML version="4.4">'), 'is a PMML document'],
    ['LightGBM', bytes('tree\nversion=v3\n'), 'is a LightGBM model'],
    ["XGBoost's old binary format", bytes('binf', 0, 0), 'is an XGBoost model in its old binary format'],
    [
      "XGBoost's dump",
      bytes('booster[0]:\n0:[f2<2.45]'),
      'is an XGBoost model in its old binary format, or as its dump',
    ],
    [
      "XGBoost's JSON dump",
      bytes('[\n  { "nodeid": 0'),
      'is an XGBoost model in its old binary format, or as its dump',
    ],
    ['ONNX', bytes(0x08, 0x08, 0x12, 0x07, 'pytorch', 0x3a, 0x05), 'is an ONNX model: ONNX Runtime scores it'],
    ['other JSON', bytes(' {"coef": [1]}'), 'is a JSON object without "modeldrop": 1'],
    ['nothing', bytes(), 'is empty'],
    ['noise', bytes(7, 7, 7, 7), 'is of no format that is served (libsvm, liblinear, model.json, xgboost)'],
    ['a header alone', bytes('gamma 1\n'), 'is of no format that is served'],
  ])('refuses %s, and says what helps', (_, content, message) => {
    expect(refusalOf(() => detect({ name: 'x.bin', bytes: content }))).toContain(`x.bin ${message}`);
  });

  it('names a way out of a pickle', () => {
    expect(refusalOf(() => detect({ name: 'x.pkl', bytes: bytes(0x80, 0x04) }))).toContain(
      'write its numbers as model.json',
    );
  });
});

describe('a format by its name', () => {
  it('is the one of that name', () => {
    for (const format of formats) expect(formatNamed(format.name)).toBe(format);
  });

  it('is refused where there is none', () => {
    expect(refusalOf(() => formatNamed('pickle'))).toBe(
      'manifest.format must be a format that is served, got "pickle"',
    );
  });
});
