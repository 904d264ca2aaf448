import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ModeldropError, ModelFileRefused } from '../../../models/errors.ts';
import type { ModelFile } from '../../../models/formats/format.ts';
import { detect } from '../../../models/formats/formats.ts';
import { explainModel, type NativeModel, nativePredictor, signatureOf } from '../../../models/native.ts';
import type { Tensor, Tensors } from '../../../models/tensor.ts';
import { referenceFile } from '../../reference.ts';
import { seeded } from '../../seeded.ts';
import { textFile } from './files.ts';

/** Each sample model, with so many of its bytes' accidents; more by MODELDROP_MUTATIONS. */
const EACH = Number(process.env.MODELDROP_MUTATIONS ?? 20);

const folder = new URL('../../reference/models/', import.meta.url);
const samples: ModelFile[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:model|txt|ubj|json)$/.test(path) && !/expected|^r\//.test(path))
  .map((path) => referenceFile(`models/${path}`))
  .concat(
    textFile(
      'model.json',
      JSON.stringify({
        modeldrop: 1,
        kind: 'logistic',
        features: ['x', 'city'],
        types: { city: 'text' },
        labels: ['no', 'yes'],
        preparation: [
          { step: 'standardize', columns: ['x'], mean: [1], scale: [2] },
          { step: 'one-hot', columns: ['city'], categories: [['Oslo', 'Rome']], unknown: 'zeros' },
        ],
        parameters: { coefficients: [[1, 2, 3]], intercept: [0.5] },
      }),
    ),
  );

type Random = () => number;

/** What disks, networks and editors do to bytes, and what a curious person does to a number. */
function mutated(whole: Uint8Array, random: Random): Uint8Array {
  const at = Math.floor(random() * whole.length);
  const bytes = whole.slice();
  switch (Math.floor(random() * 6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
      return bytes;
    case 2:
      bytes[at] = '0123456789-+.eE :=\n[]{}",'.charCodeAt(Math.floor(random() * 25));
      return bytes;
    case 3:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at, at + 40), ...bytes.subarray(at)]);
    case 4:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + Math.floor(random() * 30))]);
    default:
      bytes.fill(0x39, at, Math.min(at + 9, bytes.length));
      return bytes;
  }
}

function inputsOf(model: NativeModel): Tensors {
  return new Map(
    signatureOf(model).inputs.map(({ name, datatype, shape }): [string, Tensor] => {
      const full = shape.map((size) => (size === -1 ? 1 : size));
      const size = full.reduce((product, side) => product * side, 1);
      return datatype === 'BYTES'
        ? [name, { datatype, shape: full, data: Array.from({ length: size }, () => new Uint8Array([0x61])) }]
        : [name, { datatype: 'FP64', shape: full, data: new Float64Array(size) }];
    }),
  );
}

const signal = new AbortController().signal;

/** @returns whether it was taken; whatever else goes wrong fails the test */
async function survives(file: ModelFile): Promise<boolean> {
  let model: NativeModel;
  try {
    model = detect(file).read(file, {});
  } catch (error) {
    if (error instanceof ModelFileRefused) return false;
    throw error;
  }
  try {
    await nativePredictor(model).predict(inputsOf(model), signal);
    explainModel(model, inputsOf(model), 'all', signal);
  } catch (error) {
    if (!(error instanceof ModeldropError)) throw error;
  }
  return true;
}

describe('a file with broken bytes is taken or refused, and nothing else happens', () => {
  test.each(samples.map((file, seed) => ({ name: file.name, file, seed })))('$name', async ({ file, seed }) => {
    expect(await survives(file)).toBe(true);
    const random = seeded(seed + 1);
    for (let i = 0; i < EACH; i++) {
      const bytes = mutated(file.bytes, random);
      await survives({ name: file.name, bytes }).catch((error) => {
        throw new Error(`mutation ${i} of ${file.name}`, { cause: error });
      });
    }
  });
});
