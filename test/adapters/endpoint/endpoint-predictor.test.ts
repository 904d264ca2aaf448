import { expect, it } from 'vitest';
import { endpointPredictor } from '../../../adapters/endpoint/endpoint-predictor.ts';
import type { Signature } from '../../../models/signature.ts';
import { fp64, type Tensors } from '../../../models/tensor.ts';

const rows = (count: number) => fp64([count, 1], new Float64Array(count));
const uneven: Tensors = new Map([
  ['a', rows(1)],
  ['b', rows(3)],
]);
const signature: Signature = {
  inputs: [
    { name: 'a', datatype: 'FP64', shape: [-1, 1] },
    { name: 'b', datatype: 'FP64', shape: [-1, 1] },
  ],
  outputs: [{ name: 'y', datatype: 'FP64', shape: [-1, 1] }],
};
const called = new Error('called');
const invoke = () => Promise.reject(called);
const { signal } = new AbortController();

it('refuses inputs of other numbers of rows before the endpoint is called, where it may batch callers', async () => {
  const predictor = endpointPredictor({ signature, rowByRow: true, endpoint: 'gpu' }, invoke);
  await expect(predictor.predict(uneven, signal)).rejects.toMatchObject({
    status: 422,
    message: 'input b must have as many rows as a, 1, got 3',
  });
});

it('leaves them to a model whose inputs are no rows', async () => {
  const predictor = endpointPredictor({ signature, endpoint: 'gpu' }, invoke);
  await expect(predictor.predict(uneven, signal)).rejects.toBe(called);
});
