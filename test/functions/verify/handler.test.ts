import { expect, test } from 'vitest';
import { verifyFunction } from '../../../functions/verify/handler.ts';
import { DOUBLE, node, onnx, value } from '../../models/formats/onnx/written.ts';

const identity = onnx({
  node: [node('Identity', ['input'], ['y'])],
  input: [value('input', DOUBLE, ['N', 1])],
  output: [value('y', DOUBLE, ['N', 1])],
});

test('an evaluation that throws is a report, and its words stay in the log', async () => {
  const lines: unknown[] = [];
  const verify = verifyFunction({
    read: async () => identity,
    openOnnx: async () => {
      throw new TypeError('a secret of the reader');
    },
    log: { info: () => {}, error: (...line) => lines.push(line) },
  });
  const report = await verify({ files: [{ name: 'm.onnx', url: 'anywhere' }] });
  expect(report).toEqual({ ok: false, error: 'm.onnx broke its reader; it can not be served as it is' });
  expect(lines).toEqual([['broken reader', expect.objectContaining({ error: 'TypeError' })]]);
});
