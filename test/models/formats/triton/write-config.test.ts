import { describe, expect, it } from 'vitest';
import { tritonConfig } from '../../../../models/formats/triton/write-config.ts';
import type { Signature } from '../../../../models/signature.ts';

const digits: Signature = {
  inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 1, 8, 8] }],
  outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 10] }],
};
const options = {
  name: 'digits',
  signature: digits,
  rowByRow: true,
  batchRows: 64,
  batchDelayMs: 0.5,
  device: 'GPU' as const,
};

describe('the configuration of a model in a Triton repository', () => {
  it('leaves the rows out of the shapes, batches them, and warms up', () => {
    expect(tritonConfig(options)).toBe(`name: "digits"
platform: "onnxruntime_onnx"
max_batch_size: 64
input [
  { name: "input" data_type: TYPE_FP32 dims: [ 1, 8, 8 ] }
]
output [
  { name: "logits" data_type: TYPE_FP32 dims: [ 10 ] }
]
instance_group [ { count: 1 kind: KIND_GPU } ]
dynamic_batching { max_queue_delay_microseconds: 500 }
model_warmup [ {
  name: "zeros"
  batch_size: 1
  inputs { key: "input" value: { data_type: TYPE_FP32 dims: [ 1, 8, 8 ] zero_data: true } }
} ]
`);
  });

  it('batches nothing where a tensor has a fixed first dimension', () => {
    const outputs = [{ name: 'total', datatype: 'FP32' as const, shape: [1] }];
    const config = tritonConfig({ ...options, signature: { ...digits, outputs } });
    expect(config).toContain('max_batch_size: 0');
    expect(config).toContain('dims: [ -1, 1, 8, 8 ]');
    expect(config).not.toMatch(/dynamic_batching|warmup/);
  });

  it('batches nothing where a row is not shown to be answered as it is alone', () => {
    const config = tritonConfig({ ...options, rowByRow: false });
    expect(config).toContain('max_batch_size: 0');
    expect(config).not.toContain('dynamic_batching');
  });

  it('warms up with no texts and no lengths that it would have to make up', () => {
    const inputs = [{ name: 'text', datatype: 'BYTES' as const, shape: [-1, 1] }];
    expect(tritonConfig({ ...options, signature: { ...digits, inputs } })).toContain('data_type: TYPE_STRING');
    expect(tritonConfig({ ...options, signature: { ...digits, inputs } })).not.toContain('warmup');
    const signal = [{ name: 'signal', datatype: 'FP32' as const, shape: [-1, -1] }];
    expect(tritonConfig({ ...options, signature: { ...digits, inputs: signal } })).not.toContain('warmup');
  });

  it('lets no name break out of its quotes', () => {
    const inputs = [{ name: 'a" b\n', datatype: 'FP32' as const, shape: [-1, 2] }];
    expect(tritonConfig({ ...options, signature: { ...digits, inputs } })).toContain('name: "a\\" b\\n" data_type');
  });
});
