import type { Cascade } from '../../cascade/cascade.ts';
import { cascadeOutputs } from '../../cascade/cascade-predictor.ts';
import { ModelFileRefused } from '../../errors.ts';
import { type Labels, parseLabels } from '../../labels.ts';
import type { ManifestContent } from '../../manifest.ts';
import type { NativeModel } from '../../native.ts';
import type { TensorSpec } from '../../signature.ts';
import { elementCount } from '../../tensor.ts';
import { type Companions, inspect } from '../inspect.ts';
import { type OnnxModel, readOnnx } from '../onnx/onnx.ts';
import { CASCADE_FILE, type CascadeArchive } from './cascade-archive.ts';

/** A cascade: all of its manifest but the blobs, the small model, and what ONNX Runtime is given of the large one. */
export interface CascadeInspection {
  readonly content: Omit<ManifestContent, 'blobs'>;
  readonly cascade: Cascade;
  readonly labels: Labels;
  readonly small: NativeModel;
  readonly onnx: Uint8Array;
}

const KIND = 'cascade';

const refuse = (key: string, rule: string, found?: unknown): ModelFileRefused =>
  new ModelFileRefused({ where: `${CASCADE_FILE}.${key}`, rule, ...(found !== undefined && { found }) });

/**
 * Reads both models of a cascade, and holds them against each other. Nothing in them is executed.
 * @throws ModelFileRefused naming file, place, rule and value
 */
export function inspectCascade(
  { stated, small, large, siblings }: CascadeArchive,
  companions: Companions,
): CascadeInspection {
  const { kind, ...declared } = companions.declared ?? {};
  if (kind !== undefined && kind !== KIND)
    throw new ModelFileRefused({ where: 'drop.json.kind', rule: `must be ${KIND}, as the file is`, found: kind });
  const { content, model } = inspect(small, { ...companions, declared });
  const labels = classesOf(model);
  const read = readOnnx(large, siblings, {});
  checkInput(read, content.features.length);
  const cascade: Cascade = {
    threshold: stated.threshold,
    temperature: stated.temperature,
    large: {
      file: large.name,
      signature: read.signature,
      onnx: read.onnx,
      output: outputOf(read, labels).name,
      scores: stated.scores ?? 'probabilities',
      order: orderOf(labels, stated.labels ?? read.labels?.values),
    },
  };
  // What the small one was measured to be is not what both are together.
  const { metrics: _, ...rest } = content;
  return {
    cascade,
    labels,
    small: model,
    onnx: read.bytes,
    content: {
      ...rest,
      kind: KIND,
      signature: { inputs: content.signature.inputs, outputs: cascadeOutputs(labels) },
      cascade,
    },
  };
}

function classesOf({ kind, labels, types, threshold, scorer }: NativeModel): Labels {
  if (labels === undefined || !scorer.outputs.some(({ name }) => name === 'predict_proba')) {
    throw refuse('small', 'must name a classifier with probabilities', kind);
  }
  if (types !== undefined)
    throw refuse('small', 'must name a model whose features are all numbers: the large one takes tensors');
  if (threshold !== undefined)
    throw refuse('small', 'must name a model without a threshold: a cascade answers the likeliest class', threshold);
  return labels;
}

/** One tensor of so many numbers a row. */
function checkInput({ signature: { inputs } }: OnnxModel, features: number): void {
  const [input, ...more] = inputs as [TensorSpec, ...TensorSpec[]];
  const { datatype, shape } = input;
  const fits =
    more.length === 0 &&
    (datatype === 'FP32' || datatype === 'FP64') &&
    shape[0] === -1 &&
    elementCount(shape.slice(1)) === features;
  if (fits) return;
  const rule = `must name a model of one input of floats, ${features} numbers a row, as the small one has features`;
  throw refuse('large', rule, inputs.map((spec) => `${spec.name} ${spec.datatype} [${spec.shape}]`).join(', '));
}

/** Of floats, one a class. */
function outputOf({ signature: { outputs }, onnx: { roles } }: OnnxModel, { values }: Labels): TensorSpec {
  const fitting = outputs.filter(
    ({ datatype, shape }) => datatype.startsWith('FP') && shape.length === 2 && shape[1] === values.length,
  );
  const output =
    fitting.find(({ name }) => name === roles.probabilities) ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (output !== undefined) return output;
  const rule = `must name a model with one output of ${values.length} floats a row: one a class of the small model`;
  throw refuse('large', rule, outputs.map((spec) => `${spec.name} ${spec.datatype} [${spec.shape}]`).join(', '));
}

/** Where the large model has each class of the small one. Where it names none, they stand in the same order. */
function orderOf({ values }: Labels, stated: readonly (string | number | boolean)[] | undefined): number[] {
  if (stated === undefined) return [...values.keys()];
  const theirs = parseLabels(stated).values.map(String);
  const order = values.map((label) => theirs.indexOf(String(label)));
  if (theirs.length === values.length && !order.includes(-1)) return order;
  throw refuse('labels', `must be those of the small model: ${values.join(', ')}`, stated);
}
