import { ModelFileRefused } from '../../errors.ts';
import type { Signature, TensorSpec } from '../../signature.ts';
import type { TritonConfig, TritonTensor } from './triton-config.ts';

const CONFIG = 'config.pbtxt';

/**
 * Holds what a config says of its model's tensors against the graph, as Triton does when it loads one. A config that names
 * none leaves them to the graph.
 * @throws ModelFileRefused at the first tensor that is not the graph's, or is not told of
 */
export function checkConfig({ maxBatchSize, inputs, outputs }: TritonConfig, signature: Signature): void {
  const isBatched = maxBatchSize > 0;
  checkTensors('input', inputs, signature.inputs, isBatched);
  checkTensors('output', outputs, signature.outputs, isBatched);
  const untold = inputs.length > 0 && signature.inputs.find(({ name }) => !inputs.some((one) => one.name === name));
  if (untold) throw refusal('input', `must tell of every input of the graph: ${untold.name} is missing`);
}

function checkTensors(
  kind: 'input' | 'output',
  stated: readonly TritonTensor[],
  specs: readonly TensorSpec[],
  isBatched: boolean,
): void {
  for (const [i, { name, datatype, dims }] of stated.entries()) {
    const where = `${kind}[${i}]`;
    const spec = specs.find((candidate) => candidate.name === name);
    if (spec === undefined) {
      const names = specs.map((candidate) => candidate.name).join(', ');
      throw refusal(`${where}.name`, `must be an ${kind} of the graph (${names})`, name);
    }
    if (spec.datatype !== datatype) {
      throw refusal(`${where}.data_type`, `must be ${spec.datatype}, as ${name} is in the graph`, datatype);
    }
    const shape = isBatched ? [-1, ...dims] : dims;
    if (!fits(shape, spec.shape)) {
      const batch = isBatched ? ', after the batch' : '';
      throw refusal(`${where}.dims`, `must fit the shape [${spec.shape}] of ${name} in the graph${batch}`, `[${dims}]`);
    }
  }
}

/** -1 is any size, on either side. */
const fits = (stated: readonly number[], shape: readonly number[]): boolean =>
  stated.length === shape.length &&
  stated.every((size, axis) => size === -1 || shape[axis] === -1 || size === shape[axis]);

const refusal = (where: string, rule: string, found?: unknown): ModelFileRefused =>
  new ModelFileRefused({ where: `${CONFIG}, ${where}`, rule, ...(found !== undefined && { found }) });
