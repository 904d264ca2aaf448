import type { Tensors } from '../../models/tensor.ts';

/** A model in ONNX Runtime, wherever that runs. Inputs are as the model declares them. */
export interface OnnxSession {
  /** @throws RunFailed where the model does not answer these inputs; the signal's reason once it is aborted */
  run(inputs: Tensors, signal: AbortSignal): Promise<Tensors>;
  close(): Promise<void>;
}

/** @throws ModelFileRefused where ONNX Runtime does not take the model */
export type OpenSession = (bytes: Uint8Array) => Promise<OnnxSession>;
