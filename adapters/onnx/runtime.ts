import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { RunFailed, wordsOf } from './errors.ts';
import { fromOrt, toOrt } from './ort-tensor.ts';
import type { OpenSession } from './session.ts';

export interface RuntimeOptions {
  /** Threads for one run. More than the processors that there are make it slower. */
  readonly threads?: number;
}

/** The levels of ONNX Runtime's log: only what ends the process. What fails is thrown, and said once. */
const FATAL = 4;

/** ONNX Runtime in this process, which stands still while a model runs. It is imported when the first model is opened. */
export const openInRuntime =
  ({ threads = 1 }: RuntimeOptions = {}): OpenSession =>
  async (bytes) => {
    const { default: ort } = await import('onnxruntime-node');
    const options: InferenceSession.SessionOptions = {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: FATAL,
    };
    const session = await ort.InferenceSession.create(bytes, options).catch((cause) => {
      throw new ModelFileRefused(
        { where: 'the model', rule: `is not taken by ONNX Runtime: ${wordsOf(cause)}` },
        { cause },
      );
    });
    return {
      async run(inputs, signal) {
        signal.throwIfAborted();
        const feeds = Object.fromEntries(
          Array.from(inputs, ([name, tensor]) => {
            const { type, data, dims } = toOrt(name, tensor);
            return [name, withBits(new ort.Tensor(type, data, dims))];
          }),
        );
        try {
          const answered = await session.run(feeds);
          return new Map(session.outputNames.map((name) => [name, fromOrt(name, answered[name] as never)]));
        } catch (error) {
          throw error instanceof ModeldropError ? error : new RunFailed(wordsOf(error));
        }
      },
      close: () => session.release(),
    };
  };

/** The runtime's native part reads half-precision numbers as their bits, and its JavaScript part keeps them as numbers. */
function withBits(tensor: Tensor): Tensor {
  const { data } = tensor;
  if (!(data instanceof Float16Array)) return tensor;
  const value = new Uint16Array(data.buffer, data.byteOffset, data.length);
  return Object.defineProperty(tensor, 'cpuData', { value });
}
