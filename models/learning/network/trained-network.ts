/** One pass over the training rows. Losses are means: cross entropy, or squared errors in units of the target's variance. */
export interface Epoch {
  readonly epoch: number;
  readonly of: number;
  readonly loss: number;
  readonly validation: number;
  readonly seconds: number;
}

/** What comes out of a training, wherever it ran. */
export interface TrainedNetwork {
  /** Input `input` `[-1, width]`; output `probabilities` `[-1, K]`, or `value` `[-1]`. */
  readonly onnx: Uint8Array;
  /** PyTorch's own answers to the examples: probabilities row by row, or values. */
  readonly answers: Float32Array;
  readonly epochs: readonly Epoch[];
  /** The epoch whose weights were kept. */
  readonly best: number;
  readonly parameters: number;
}
