import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { scoreRows } from '../../../adapters/onnx/score-rows.ts';
import type { Python } from '../../../adapters/torch/find-python.ts';
import { type Epoch, type TrainedNetwork, trainNetwork } from '../../../adapters/torch/train-network.ts';
import { truthOn } from '../../../models/learning/answers.ts';
import { floatRows, type NetworkProblem } from '../../../models/learning/network/pose-network.ts';

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
  { problem: { features, truth }, task, split }: NetworkProblem,
  { examples, onEpoch, signal }: NetworkFitting,
): Promise<FittedNetwork> {
  const side = (rows: Int32Array) => ({ rows: floatRows(features, rows), targets: truthOn(truth, rows) });
  const input = { task, fit: side(split.fit), validation: side(split.validation), examples };
  const trained = await trainNetwork(python, input, { onEpoch, signal });
  const [width, output] = [features.columns.length, task.classes > 0 ? 'probabilities' : 'value'];
  return {
    trained,
    score: (rows) =>
      scoreRows(
        openInRuntime(),
        trained.onnx,
        { input: 'input', rows: floatRows(features, rows), width, output },
        signal,
      ),
  };
}
