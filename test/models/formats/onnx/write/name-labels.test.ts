import { expect, it } from 'vitest';
import { openInRuntime } from '../../../../../adapters/onnx/runtime.ts';
import { nameLabels } from '../../../../../models/formats/onnx/write/name-labels.ts';
import { parseLabels } from '../../../../../models/labels.ts';
import type { Tensor } from '../../../../../models/tensor.ts';
import { referenceFile, referenceJson } from '../../../../reference.ts';

const file = referenceFile('models/digits-cnn.onnx');
const { input, logits } = referenceJson<{ input: number[][]; logits: number[][] }>('models/digits-cnn.expected.json');
const rows = { datatype: 'FP32', shape: [input.length, 1, 8, 8], data: Float32Array.from(input.flat()) } as const;
const positions = logits.map((row) => row.indexOf(Math.max(...row)));

async function labelsOf(labels: readonly (string | number)[]): Promise<Tensor> {
  const session = await openInRuntime()(nameLabels(file, 'logits', parseLabels(labels)));
  const answers = await session.run(new Map([['input', rows]]), new AbortController().signal);
  await session.close();
  expect([...answers.keys()]).toEqual(['label', 'logits']);
  return answers.get('label') as Tensor;
}

it('names the largest column by its text', async () => {
  const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  const { datatype, shape, data } = await labelsOf(names);
  expect([datatype, shape]).toEqual(['BYTES', [input.length]]);
  const texts = (data as Uint8Array[]).map((bytes) => new TextDecoder().decode(bytes));
  expect(texts).toEqual(positions.map((k) => names[k]));
});

it('names it by its integer', async () => {
  const numbers = [90, 80, 70, 60, 50, 40, 30, 20, 10, -5];
  const { datatype, data } = await labelsOf(numbers);
  expect(datatype).toBe('INT64');
  expect(Array.from(data as BigInt64Array, Number)).toEqual(positions.map((k) => numbers[k]));
});
