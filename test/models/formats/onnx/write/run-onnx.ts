import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Tensor, Tensors } from '../../../../../models/tensor.ts';

type Level = 'disabled' | 'basic' | 'extended' | 'all';

/** A session of ONNX Runtime on one thread. It says nothing but errors, and those only to who asks. */
export const openSession = (bytes: Uint8Array, level: Level = 'all'): Promise<InferenceSession> =>
  InferenceSession.create(bytes, {
    graphOptimizationLevel: level,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });

/** What ONNX Runtime answers to these inputs, by output. @throws what it throws */
export async function runOnnx(session: InferenceSession, inputs: Tensors): Promise<Record<string, OrtTensor>> {
  const single = session.inputMetadata.some((input) => input.isTensor && input.type === 'float32');
  const feeds = Object.fromEntries([...inputs].map(([name, tensor]) => [name, ortTensor(tensor, single)]));
  return { ...(await session.run(feeds)) } as Record<string, OrtTensor>;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function ortTensor({ datatype, data, shape }: Tensor, single: boolean): OrtTensor {
  if (datatype === 'BYTES')
    return new OrtTensor(
      'string',
      data.map((text) => utf8.decode(text)),
      [...shape],
    );
  if (datatype !== 'FP64') throw new TypeError(`no model takes ${datatype}`);
  return single
    ? new OrtTensor('float32', Float32Array.from(data), [...shape])
    : new OrtTensor('float64', data, [...shape]);
}
