import { nameLabels } from '../../formats/onnx/write/name-labels.ts';
import { exampleRows, networkExamples } from './finish-network.ts';
import type { NetworkRecipe } from './network-recipe.ts';
import type { NetworkProblem } from './pose-network.ts';
import type { TrainedNetwork } from './trained-network.ts';

interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A model file, and what goes with it into the inbox. */
export interface NetworkParcel {
  readonly file: NamedBytes;
  /** `drop.json` and `examples.json`. */
  readonly companions: readonly NamedBytes[];
}

const ONNX_FILE = 'model.onnx';

/** The file with the labels of its classes, what it is to be called with, and what PyTorch answered to the examples. */
export function networkParcel(
  posed: NetworkProblem,
  { intendedUse, limits }: NetworkRecipe,
  { onnx, answers }: Pick<TrainedNetwork, 'onnx' | 'answers'>,
): NetworkParcel {
  const { truth, features } = posed.problem;
  const labels = truth.task === 'classification' ? truth.labels : undefined;
  const bytes = labels ? nameLabels({ name: ONNX_FILE, bytes: onnx }, 'probabilities', labels) : onnx;
  const declared = {
    features: features.columns.map(({ name }) => name),
    ...(labels && { labels: labels.values }),
    ...(intendedUse && { intendedUse }),
    ...(limits && { limits }),
  };
  const examples = networkExamples(posed, exampleRows(posed), answers);
  return {
    file: { name: ONNX_FILE, bytes: new Uint8Array(bytes) },
    companions: [jsonFile('drop.json', declared), jsonFile('examples.json', examples)],
  };
}

const jsonFile = (name: string, value: unknown): NamedBytes => ({
  name,
  bytes: new TextEncoder().encode(JSON.stringify(value)),
});
