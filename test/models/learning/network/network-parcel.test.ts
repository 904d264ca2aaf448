import { describe, expect, it } from 'vitest';
import { networkFiles, networkInput } from '../../../../models/learning/network/network-input.ts';
import { networkParcel } from '../../../../models/learning/network/network-parcel.ts';
import { poseNetwork } from '../../../../models/learning/network/pose-network.ts';
import { normal, tableOf, times } from '../tables.ts';

const ROWS = 140;
const draw = normal(3);
const numbers = { a: times(ROWS, draw), b: times(ROWS, draw), target: times(ROWS, draw) };
const posed = poseNetwork(tableOf(numbers).frame, 'rnn', {}, {});

const filesOf = (table: Parameters<typeof tableOf>[0]) =>
  new Map(
    networkFiles(networkInput(poseNetwork(tableOf(table).frame, 'rnn', {}, {}))).map(({ name, bytes }) => [
      name,
      Buffer.from(bytes),
    ]),
  );

describe('the files that a network learns from', () => {
  it('hold the rows of each side in single precision, and their numbers in double', () => {
    const files = filesOf(numbers);
    expect([...files.keys()]).toEqual([
      'task.json',
      'train.f32',
      'train.f64',
      'validation.f32',
      'validation.f64',
      'examples.f32',
    ]);
    expect(JSON.parse(String(files.get('task.json')))).toEqual(posed.task);
    for (const [name, rows] of Object.entries({ train: posed.split.fit, validation: posed.split.validation })) {
      const [inputs, targets] = [files.get(`${name}.f32`), files.get(`${name}.f64`)];
      expect([inputs?.length, targets?.length]).toEqual([rows.length * 8, rows.length * 8]);
      for (const [i, row] of rows.entries()) {
        expect(inputs?.readFloatLE(8 * i)).toBe(Math.fround(numbers.a[row] as number));
        expect(inputs?.readFloatLE(8 * i + 4)).toBe(Math.fround(numbers.b[row] as number));
        expect(targets?.readDoubleLE(8 * i)).toBe(numbers.target[row]);
      }
    }
    expect(files.get('examples.f32')?.readFloatLE(0)).toBe(
      Math.fround(numbers.a[posed.split.test[0] as number] as number),
    );
  });

  it('hold positions of classes', () => {
    const target = times(ROWS, (i) => (i % 2 ? 'yes' : 'no'));
    const targets = filesOf({ ...numbers, target }).get('train.i32');
    expect(new Set(times((targets?.length ?? 0) / 4, (i) => targets?.readInt32LE(4 * i)))).toEqual(new Set([0, 1]));
  });
});

it('what was learned goes with its features, its words for the card, and the answers of whoever trained it', () => {
  const onnx = Uint8Array.of(1, 2, 3);
  const answers = Float32Array.of(0.5, 1, 2, 3, 4);
  const { file, companions } = networkParcel(posed, { intendedUse: 'Tests.' }, { onnx, answers });
  expect(file).toEqual({ name: 'model.onnx', bytes: onnx });
  const texts = new Map(companions.map(({ name, bytes }) => [name, JSON.parse(new TextDecoder().decode(bytes))]));
  expect(texts.get('drop.json')).toEqual({ features: ['a', 'b'], intendedUse: 'Tests.' });
  const [first] = posed.split.test;
  const [example] = texts.get('examples.json');
  expect(example.inputs.instances[0]).toEqual(
    [numbers.a, numbers.b].map((column) => Math.fround(column[first as number] as number)),
  );
  expect(example.outputs).toEqual({ value: [...answers] });
});
