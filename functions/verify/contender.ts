import { ModelFileRefused } from '../../models/errors.ts';
import type { Frame } from '../../models/frame.ts';
import { tensorsOfFrame } from '../../models/frame-tensors.ts';
import { type Labels, labelTensor, parseLabels } from '../../models/labels.ts';
import { featuresIn } from '../../models/learning/assess.ts';
import type { Manifest } from '../../models/manifest.ts';
import type { Predictor } from '../../models/predictor.ts';
import { byRole } from '../../models/roles.ts';
import { sheetOf } from '../../models/sheet.ts';
import type { Tensor, Tensors } from '../../models/tensor.ts';
import { LABELLED_FILE } from '../http/inbox.ts';

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
 * The rows of a table as what a version takes.
 * @throws TrainingRefused where a feature is not there; UnfitInput for a value that it does not take; ModelFileRefused
 */
export function inputsOfTable(table: Frame, content: Contender['content']): Tensors {
  if (content.onnx?.layout === 'tensors') {
    const rule = 'can judge only a model whose inputs are columns of a table: drop the model without it';
    throw new ModelFileRefused({ where: LABELLED_FILE, rule });
  }
  const { count, columns } = featuresIn(table, content);
  if (content.onnx === undefined) return tensorsOfFrame({ count, columns }, content);
  const sheet = sheetOf(content, count);
  for (const [k, { name, values }] of columns.entries()) {
    for (let row = 0; row < count; row++) {
      const value = values[row] as number | string | null;
      sheet.put(row, k, Number.isNaN(value) ? null : value, `row ${row}`, name);
    }
  }
  return sheet.tensors();
}
