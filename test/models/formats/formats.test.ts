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
    ['a pickle', bytes(0x80, 0x04, 0x95), 'is a Python pickle (joblib writes one too), which is code and is never'],
    ['a pickle of protocol 0', bytes('ccopy_reg\n_reconstructor\n'), 'is a Python pickle'],
    ['a dump by zlib', bytes(0x78, 0x9c, 0x01), 'is a compressed joblib dump'],
    ['a dump by bzip2', bytes('BZh91AY'), 'is a compressed joblib dump'],
    ['a dump by xz', bytes(0xfd, '7zXZ', 0, 0), 'is a compressed joblib dump'],
    ['a dump by lz4', bytes(0x04, 0x22, 0x4d, 0x18, 0x60), 'is a compressed joblib dump'],
    ['TorchScript', bytes('PK', 3, 4, 0, 'm/code/__torch__.py', 'PK', 3, 4, 'm/data.pkl'), 'is a TorchScript archive'],
    ['torch.save', bytes('PK', 3, 4, 0, 'archive/data.pkl', 0x80), 'is what torch.save wrote, a pickle'],
    ['.keras', bytes('PK', 3, 4, 0, 'metadata.json', 'PK', 3, 4, 'model.weights.h5'), 'is a Keras archive: export it'],
    ['.npz', bytes('PK', 3, 4, 0, 'coef.npy'), 'is arrays as numpy.savez writes them'],
    [
      'any zip',
      bytes('PK', 3, 4, 0),
      'is a zip archive: drop the model file itself, or a Triton repository as .tar.gz',
    ],
    ['an HDF5 file', bytes(0x89, 'HDF\r\n', 0x1a), 'is an HDF5 file, as Keras writes them: export it where'],
    ['safetensors', bytes(0x40, 0, 0, 0, 0, 0, 0, 0, '{"w":{"dtype":"F32"}}'), 'is weights in safetensors'],
    ['GGUF', bytes('GGUF', 3, 0, 0, 0), 'is a language model in GGUF: language models are a later kind'],
    ['.rds', bytes('X\n', 0, 0, 0, 3), 'is an R object, as saveRDS or save writes it: export the model from R'],
    ['.RData', bytes('RDX3\nX\n'), 'is an R object'],
    ['gzip', bytes(0x1f, 0x8b, 8), 'is compressed with gzip: drop the model file itself: gunzip <file>'],
    ['CatBoost', bytes('CBM1', 0), 'is a CatBoost model: export it: model.save_model("model.onnx", format="onnx")'],
    ['TensorFlow Lite', bytes(0x1c, 0, 0, 0, 'TFL3'), 'is a TensorFlow Lite model'],
    [
      'a SavedModel',
      bytes(0x08, 1, 0x12, 0x80, 2, 0x0a, 'stripped_op_list'),
      'is a TensorFlow SavedModel: export it: python -m tf2onnx',
    ],
    ['PMML', bytes('<?xml version="1.0"?>\n<PMML version="4.4">'), 'is a PMML document'],
    [
      "LightGBM's dump",
      bytes('{"name":"tree",\n"version":"v4"'),
      'is a LightGBM model as its dump: write it by booster.save_model',
    ],
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
    [
      'noise',
      bytes(7, 7, 7, 7),
      'is of no format that is served (onnx, libsvm, liblinear, lightgbm, model.json, xgboost, a Triton repository as .tar.gz)',
    ],
    ['a header alone', bytes('gamma 1\n'), 'is of no format that is served'],
  ])('refuses %s, and says what helps', (_, content, message) => {
    expect(refusalOf(() => detect({ name: 'x.bin', bytes: content }))).toContain(`x.bin ${message}`);
  });

  it('names a way out of a pickle', () => {
    expect(refusalOf(() => detect({ name: 'x.pkl', bytes: bytes(0x80, 0x04) }))).toContain(
      'XGBoost: model.save_model("model.json"). LightGBM: model.booster_.save_model("model.txt"). scikit-learn: skl2onnx',
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
