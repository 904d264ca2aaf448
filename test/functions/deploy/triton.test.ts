import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { packForTriton } from '../../../functions/deploy/triton.ts';
import { inspectDropped } from '../../../models/formats/dropped.ts';
import { tarOf } from '../../models/formats/triton/archive.ts';
import { referenceFile } from '../../reference.ts';

const file = referenceFile('models/digits-cnn.onnx');
const { content } = inspectDropped(file, { siblings: [] });

it('the same model is the same archive, dropped bare or in a Triton repository, under any name', async () => {
  const repository = gzipSync(tarOf({ path: 'mine/1/model.onnx', content: file.bytes }));
  const bare = await packForTriton(content, [file]);
  expect(Buffer.compare(bare, await packForTriton(content, [{ ...file, name: 'other.onnx' }]))).toBe(0);
  expect(Buffer.compare(bare, await packForTriton(content, [{ name: 'mine.tar.gz', bytes: repository }]))).toBe(0);
});
