import { ModelFileRefused } from '../../models/errors.ts';
import { isNumbered } from '../../models/formats/onnx/layout.ts';
import type { Frame } from '../../models/frame.ts';
import { tensorsOfFrame } from '../../models/frame-tensors.ts';
import { type Labels, labelTensor, parseLabels } from '../../models/labels.ts';
import { featuresIn } from '../../models/learning/assess.ts';
import type { Manifest } from '../../models/manifest.ts';
import type { Onnx } from '../../models/onnx.ts';
import type { Predictor } from '../../models/predictor.ts';
import { byRole } from '../../models/roles.ts';
import { sheetOf } from '../../models/sheet.ts';
import type { TensorSpec } from '../../models/signature.ts';
import { elementCount, type Tensor, type Tensors } from '../../models/tensor.ts';
import type { Labelled } from './labelled.ts';

/** A version that can be asked, whatever runs it. */
export interface Contender {
  readonly content: Pick<Manifest, 'features' | 'types' | 'missing' | 'labels' | 'signature' | 'onnx'>;
  readonly predictor: Predictor;
}

/** What a version answered, under the names that our own kinds have for it. */
export interface Answer {
  readonly outputs: Tensors;
  readonly labels?: Labels;
}

/** Whoever called this function sets the deadline: it kills. */
const NEVER = new AbortController().signal;

export async function ask({ content, predictor }: Contender, inputs: Tensors): Promise<Answer> {
  const outputs = byRole(content, await predictor.predict(inputs, NEVER));
  const labels = content.labels && parseLabels(content.labels);
  if (labels === undefined) return { outputs };
  const { label, probabilities } = content.onnx?.roles ?? {};
  return { labels, outputs: label === undefined && probabilities ? withLikeliest(outputs, labels) : outputs };
}

/** Of a classifier that leaves it to its callers to find the label. */
function withLikeliest(outputs: Tensors, labels: Labels): Tensors {
  const probabilities = outputs.get('predict') as Tensor;
  const width = labels.values.length;
  if (probabilities.shape.length !== 2 || probabilities.shape[1] !== width) return outputs;
  const values = probabilities.data as ArrayLike<number>;
  const likeliest = Int32Array.from({ length: probabilities.shape[0] as number }, (_, row) => {
    let best = 0;
    for (let k = 1; k < width; k++)
      if ((values[row * width + k] as number) > (values[row * width + best] as number)) best = k;
    return best;
  });
  return new Map([...outputs, ['predict_proba', probabilities], ['predict', labelTensor(labels, likeliest)]]);
}

/**
 * The rows of a table as what a version takes: by the names of its features; where it has no names for them, because it
 * takes a picture or a matrix whose columns nobody named, all columns but the target, in their order.
 * @throws TrainingRefused where a feature is not there; UnfitInput for a value that it does not take; ModelFileRefused
 */
export function inputsOfTable({ table, target }: Labelled, content: Contender['content']): Tensors {
  const { onnx } = content;
  if (onnx === undefined) return tensorsOfFrame(featuresIn(table, content), content);
  const unnamed = table.columns.filter(({ name }) => name !== target);
  if (onnx.layout === 'tensors') return inOrder({ count: table.count, columns: unnamed }, content, wholeInput(content));
  const isNamed = !isNumbered(content.features) || unnamed.some(({ name }) => content.features.includes(name));
  if (isNamed) return filled(featuresIn(table, content), content);
  return inOrder({ count: table.count, columns: unnamed }, content, content.signature.inputs[0] as TensorSpec);
}

/** @throws ModelFileRefused where the input of a row has no one size */
function wholeInput({ signature: { inputs } }: Contender['content']): TensorSpec {
  const [input, another] = inputs as [TensorSpec, ...TensorSpec[]];
  const [rows, ...row] = input.shape;
  if (another === undefined && rows === -1 && !row.includes(-1)) return input;
  const rule =
    'can judge only a model that takes columns of a table, or one input with rows of one size, ' +
    `such as [-1, 1, 28, 28]; this one takes ${inputs.map(shapeWords).join(', ')}: drop the model without it`;
  throw new ModelFileRefused({ where: 'table', rule });
}

/** @throws ModelFileRefused where there are more columns or fewer than a row has elements, or one is of texts */
function inOrder(rows: Frame, content: Contender['content'], input: TensorSpec): Tensors {
  const size = elementCount(input.shape.slice(1));
  const text = rows.columns.find(({ type }) => type === 'text');
  const found = text?.name ?? `${rows.columns.length} columns`;
  if (text !== undefined || rows.columns.length !== size) {
    const rule = `must hold ${size} columns of numbers beside the target: a row of ${shapeWords(input)}, the last dimension first to change`;
    throw new ModelFileRefused({ where: 'table', rule, found });
  }
  const features = rows.columns.map(({ name }) => name);
  return filled(rows, { ...content, features, onnx: { ...(content.onnx as Onnx), layout: 'matrix' } });
}

const shapeWords = ({ name, shape }: TensorSpec): string => `"${name}" [${shape.join(', ')}]`;

function filled({ count, columns }: Frame, content: Contender['content']): Tensors {
  const sheet = sheetOf(content, count);
  for (const [k, { name, values }] of columns.entries()) {
    for (let row = 0; row < count; row++) {
      const value = values[row] as number | string | null;
      sheet.put(row, k, Number.isNaN(value) ? null : value, `row ${row}`, name);
    }
  }
  return sheet.tensors();
}
