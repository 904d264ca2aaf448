import { networkScore } from '../../../adapters/torch/assess-network.ts';
import type { Python } from '../../../adapters/torch/find-python.ts';
import { trainNetwork } from '../../../adapters/torch/train-network.ts';
import { networkInput } from '../../../models/learning/network/network-input.ts';
import type { NetworkProblem } from '../../../models/learning/network/pose-network.ts';
import type { Epoch, TrainedNetwork } from '../../../models/learning/network/trained-network.ts';

export interface NetworkFitting {
  /** Rows that PyTorch itself answers. */
  readonly examples: Float32Array<ArrayBuffer>;
  readonly onEpoch: (epoch: Epoch) => void;
  readonly signal: AbortSignal;
}

export interface FittedNetwork {
  readonly trained: TrainedNetwork;
  /** Probabilities or values of rows of the table, by the file as it is written. */
  score(rows: Int32Array): Promise<Float32Array>;
}

/** Trains a network on the rows to learn from. @throws TorchFailed, the signal's reason */
export async function fitNetwork(
  python: Python,
  posed: NetworkProblem,
  { examples, onEpoch, signal }: NetworkFitting,
): Promise<FittedNetwork> {
  const trained = await trainNetwork(python, networkInput(posed, examples), { onEpoch, signal });
  return { trained, score: networkScore(posed, trained.onnx, signal) };
}
