import { expect, it } from 'vitest';
import { endpointPredictor } from '../../../adapters/endpoint/endpoint-predictor.ts';
import type { Invocation } from '../../../adapters/endpoint/invoke.ts';
import type { Signature } from '../../../models/signature.ts';
import type { Tensor } from '../../../models/tensor.ts';
import { isUnread, tensorFromBytes, tensorToBytes } from '../../../models/tensor-binary.ts';

const signature: Signature = {
  inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 3] }],
  outputs: [{ name: 'scores', datatype: 'FP32', shape: [-1, 2] }],
};
const { signal } = new AbortController();

/** A caller's body: a header, and a tensor at an odd place behind it. */
const body = Buffer.concat([Buffer.from('{"a":1}'), Buffer.from(Float32Array.of(1.5, -2, Number.NaN).buffer)]);
const image = (): Tensor => tensorFromBytes('image', 'FP32', [1, 3], body.subarray(7));

const answer = (scores: readonly number[]) => {
  const header = JSON.stringify({
    outputs: [{ name: 'scores', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } }],
  });
  return {
    contentType: `application/vnd.sagemaker-triton.binary+json;json-header-size=${header.length}`,
    body: Buffer.concat([Buffer.from(header), Buffer.from(Float32Array.from(scores).buffer)]),
  };
};

it('passes the bytes of binary tensors on, there and back, without making numbers of them', async () => {
  const sent: Invocation[] = [];
  const predictor = endpointPredictor({ signature: signature, endpoint: 'gpu', target: 't' }, async (call) => {
    sent.push(call);
    return answer([0.25, 0.75]);
  });
  const given = image();
  const scores = (await predictor.predict(new Map([['image', given]]), signal)).get('scores') as Tensor;
  expect(isUnread(given)).toBe(true);
  expect(isUnread(scores)).toBe(true);
  expect(Buffer.from(sent[0]?.body.at(-1) ?? [])).toEqual(body.subarray(7));
  expect(Array.from(scores.data as Float32Array)).toEqual([0.25, 0.75]);
});

it('keeps the bytes where they came in until somebody asks for a number', () => {
  const given = image();
  expect(tensorToBytes(given).buffer).toBe(body.buffer);
  expect(Array.from(given.data as Float32Array)).toEqual([1.5, -2, Number.NaN]);
  expect(isUnread(given)).toBe(false);
  expect(tensorToBytes(given).buffer).not.toBe(body.buffer);
  expect(Buffer.from(tensorToBytes(given))).toEqual(body.subarray(7));
});
