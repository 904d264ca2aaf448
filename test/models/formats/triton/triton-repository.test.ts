import { gunzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { ModelFileRefused } from '../../../../models/errors.ts';
import { inspectDropped } from '../../../../models/formats/dropped.ts';
import { isTar, readTar } from '../../../../models/formats/triton/tar.ts';
import { readRepository } from '../../../../models/formats/triton/triton-repository.ts';
import { referenceFile } from '../../../reference.ts';
import { seeded } from '../../../seeded.ts';
import { refusalOf } from '../files.ts';
import { type Entry, tarOf } from './archive.ts';

const packed = (name: string) => {
  const bytes = gunzipSync(referenceFile(`models/triton/repository-${name}.tar.gz`).bytes);
  return { name: 'repository.tar', bytes };
};
const archive = (...entries: Entry[]) => ({ name: 'a.tar', bytes: tarOf(...entries) });
const model: Entry = { path: 'm/1/model.onnx', content: 'onnx' };

describe("a repository as Python's tarfile packs it", () => {
  test.each(['ustar', 'gnu', 'pax'])('%s', (form) => {
    const file = packed(form);
    expect(isTar(file.bytes)).toBe(true);
    const { name, version, config, model: found, siblings } = readRepository(file);
    expect({ name, version, config }).toEqual({
      name: 'digits',
      version: 12,
      config: {
        name: 'digits',
        platform: 'onnxruntime_onnx',
        maxBatchSize: 8,
        inputs: [
          { name: 'image', datatype: 'FP32', dims: [1, 8, 8] },
          { name: 'mask', datatype: 'BOOL', dims: [64] },
        ],
        outputs: [{ name: 'labels', datatype: 'BYTES', dims: [-1] }],
      },
    });
    expect(found.name).toBe('digits/12/model.onnx');
    expect(Buffer.from(found.bytes).toString('latin1')).toBe('\x08\x08\x12\x07pytorch, the latest');
    const long = form === 'ustar' ? 'weights' : 'weights-'.repeat(14);
    expect(siblings.map((file) => [file.name, file.bytes.length])).toEqual([
      [`digits/12/${long}.data`, 700],
      ['digits/12/größe.data', 1],
    ]);
  });

  it('is told by its content, and is what its model is', () => {
    expect(refusalOf(() => inspectDropped(packed('pax'), {}))).toContain('digits/12/model.onnx is of no format');
  });

  it('is refused or read whatever happens to its bytes', () => {
    const whole = packed('pax').bytes;
    const random = seeded(1);
    for (let i = 0; i < 400; i++) {
      const bytes = Uint8Array.from(whole);
      const at = Math.floor(random() * whole.length);
      bytes[at] = Math.floor(random() * 256);
      const cut = i % 2 === 0 ? bytes : bytes.subarray(0, at);
      try {
        readRepository({ name: 'a.tar', bytes: cut });
      } catch (error) {
        expect(error).toBeInstanceOf(ModelFileRefused);
      }
    }
  });
});

describe('a repository', () => {
  it('needs no config', () => {
    expect(readRepository(archive(model))).toMatchObject({ name: 'm', version: 1, siblings: [] });
  });

  it('serves the version that its policy names, not a later one', () => {
    const config = (named: string): Entry => ({
      path: 'm/config.pbtxt',
      content: `version_policy: { specific: { versions: [${named}] } }`,
    });
    const later: Entry = { path: 'm/3/model.onnx', content: 'onnx' };
    expect(readRepository(archive(config('1, 2'), model, later)).version).toBe(1);
    const latest: Entry = { path: 'm/config.pbtxt', content: 'version_policy: { latest { num_versions: 1 } }' };
    expect(readRepository(archive(latest, model, later)).version).toBe(3);
    expect(() => readRepository(archive(config('2'), model, later))).toThrow(
      'must hold a version that the version_policy in config.pbtxt names, got "2"',
    );
    expect(() => readRepository(archive(config('"x"'), model))).toThrow(
      'm/config.pbtxt, version_policy must be an integer of at least 1, got "x"',
    );
  });

  it('may call its model something else, where its config says so', () => {
    const config = { path: 'm/config.pbtxt', content: 'backend: "fil" default_model_filename: "trees.json"' };
    const found = readRepository(archive(config, { path: 'm/1/trees.json', content: '{}' }));
    expect(found.model.name).toBe('m/1/trees.json');
    expect(found.config).toMatchObject({ platform: 'fil', maxBatchSize: 0, inputs: [] });
  });

  it('may begin with a dot, and hold what Finder leaves behind', () => {
    const junk = [{ path: './._m' }, { path: './m/.DS_Store' }];
    expect(
      readRepository(archive({ path: './', type: '5' }, ...junk, { ...model, path: `./${model.path}` })).name,
    ).toBe('m');
  });

  it.each<[string, Entry[], string]>([
    ['of nothing', [{ path: 'm/', type: '5' }], 'must be a Triton repository of one model'],
    ['of two models', [model, { path: 'n/1/model.onnx' }], 'must be a Triton repository of one model'],
    ['without a version', [{ path: 'm/model.onnx' }], '<name>/1/model.onnx, got "m/model.onnx"'],
    ['without a model', [{ path: 'm/2/notes.md' }], 'must hold m/2/model.onnx'],
    ['under another name', [model, { path: 'm/config.pbtxt', content: 'name: "n"' }], 'like its folder, m, got "n"'],
  ])('%s is refused', (_, entries, message) => {
    expect(refusalOf(() => readRepository(archive(...entries)))).toContain(message);
  });

  it.each([
    ['a text that does not end', 'name: "m', 'm/config.pbtxt line 1 must be a value, got "\\""'],
    ['a list that does not end', 'input [\n{ name: "a" }\n', 'm/config.pbtxt, at its end, must be , or ]'],
    ['a field without a value', 'name:', 'm/config.pbtxt, at its end, must be a value'],
    ['a name without a colon', 'name "m"', 'line 1 must be : after name'],
    ['a stray bracket', '\n}', 'line 2 must be the name of a field, got "}"'],
    ['depth without end', 'a {'.repeat(60), 'must nest at most 50 deep'],
    ['a batch below zero', 'max_batch_size: -1', 'max_batch_size must be an integer of at least 0, got "-1"'],
    ['an input without a type', 'input { name: "a" dims: 1 }', 'input[0] must have a name, a data_type and dims'],
    ['a dimension that is none', 'input { name: "a" data_type: TYPE_FP32 dims: [x] }', 'dims must be an integer'],
  ])('with a config of %s is refused', (_, content, message) => {
    expect(refusalOf(() => readRepository(archive(model, { path: 'm/config.pbtxt', content })))).toContain(message);
  });
});

describe('an archive is suspect as a whole', () => {
  it.each<[string, Entry, string]>([
    ['with a symbolic link', { path: 'm/1/x', type: '2' }, 'must not hold links, got "m/1/x"'],
    ['with a hard link', { path: 'm/1/x', type: '1' }, 'must not hold links'],
    ['with a device', { path: 'm/1/x', type: '3' }, 'must hold files and folders only'],
    ['with a sparse file', { path: 'm/1/x', type: 'S' }, 'must hold files and folders only'],
    ['with a link by pax', { path: 'p', type: 'x', content: '14 linkpath=x\n' }, 'must not hold links, got "x"'],
    ['with a path that goes up', { path: 'm/../../x' }, 'must hold paths inside the archive only, got "m/../../x"'],
    ['with a path by pax that goes up', { path: 'p', type: 'x', content: '11 path=..\n' }, 'inside the archive only'],
    ['with a long name that goes up', { path: 'p', type: 'L', content: '../x' }, 'inside the archive only'],
    ['with an absolute path', { path: '/etc/passwd' }, 'inside the archive only'],
    ['with a path of Windows', { path: 'C:/x' }, 'inside the archive only'],
    ['with a backslash', { path: 'm\\..\\x' }, 'inside the archive only'],
    ['with a folder that goes up', { path: '../x', type: '5' }, 'inside the archive only'],
    ['with a file twice', model, 'must not hold a file twice'],
    ['with a lying size', { path: 'm/x', size: '77777777777' }, 'must go on: the archive is cut off'],
    ['with a size that is no number', { path: 'm/x', size: 'ten' }, 'must state a size'],
    ['with broken pax', { path: 'p', type: 'x', content: '99 path=x\n' }, 'must hold records of pax'],
    ['with an empty record of pax', { path: 'p', type: 'x', content: '0 \n' }, 'must hold records of pax'],
    ['with another size by pax', { path: 'p', type: 'x', content: '9 size=9\n' }, 'state their size in the header'],
  ])('%s', (_, entry, message) => {
    expect(refusalOf(() => readTar(archive(model, entry, { path: 'm/last' })))).toContain(message);
  });

  it('with too many entries', () => {
    const many = Array.from({ length: 1_001 }, (_, i) => ({ path: `m/${i}` }));
    expect(refusalOf(() => readTar(archive(...many)))).toContain('must be at most the 1000th entry');
  });

  it('that is cut off', () => {
    const { bytes } = archive(model);
    expect(refusalOf(() => readTar({ name: 'a.tar', bytes: bytes.subarray(0, 1024) }))).toContain('cut off');
  });

  it('whose header was changed', () => {
    const { bytes } = archive(model, { path: 'm/x' });
    bytes[1024] = 0x41;
    expect(refusalOf(() => readTar({ name: 'a.tar', bytes }))).toContain('its sum is wrong');
  });
});
