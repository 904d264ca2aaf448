import { type Labels, labelSpec, labelTensor, probabilitySpec } from '../labels.ts';
import type { TensorSpec } from '../signature.ts';
import { fp64, type Tensors } from '../tensor.ts';
import { type Affine, affineValues } from './affine.ts';
import { affineExplainer, bothWays } from './explain/affine-explainer.ts';
import type { Scorer } from './scorer.ts';
import { sigmoid } from './softmax.ts';

/**
 * One affine function a class against all others, as LIBLINEAR has them; for two classes one function, positive for the
 * first. The largest wins, the first of equals.
 * @param probable whether the functions are log-odds: then `predict_proba` is their sigmoids, normalised
 */
export function oneVsRest(functions: Affine, labels: Labels, probable: boolean): Scorer {
  const classes = labels.values.length;
  return {
    outputs: [labelSpec(labels), ...(probable ? [probabilitySpec(labels)] : []), decisionSpec(labels)],
    explaining: affineExplainer(classes === 2 ? bothWays(functions, 0) : functions, probable ? 'log_odds' : 'decision'),
    formula: { name: 'one-vs-rest', functions, labels, probable },
    score(rows) {
      const values = affineValues(functions, rows);
      const best = new Int32Array(rows.count);
      for (let row = 0; row < rows.count; row++) best[row] = winner(values, row, classes);
      const decision = fp64(classes === 2 ? [rows.count] : [rows.count, classes], values);
      return new Map([
        ['predict', labelTensor(labels, best)],
        ...(probable
          ? [['predict_proba', fp64([rows.count, classes], probabilities(values, rows.count, classes))]]
          : []),
        ['decision_function', decision],
      ] as [string, ReturnType<typeof fp64>][]) as Tensors;
    },
  };
}

function decisionSpec({ values }: Labels): TensorSpec {
  const [first, second] = values;
  const both = values.length === 2;
  return {
    name: 'decision_function',
    datatype: 'FP64',
    shape: both ? [-1] : [-1, values.length],
    parameters: both ? { columns: [{ for: first, against: second }] } : { labels: values },
  };
}

function winner(values: Float64Array, row: number, classes: number): number {
  if (classes === 2) return (values[row] as number) > 0 ? 0 : 1;
  let best = 0;
  for (let k = 1; k < classes; k++) {
    if ((values[row * classes + k] as number) > (values[row * classes + best] as number)) best = k;
  }
  return best;
}

function probabilities(values: Float64Array, count: number, classes: number): Float64Array {
  const out = new Float64Array(count * classes);
  for (let row = 0; row < count; row++) {
    if (classes === 2) {
      out[2 * row] = sigmoid(values[row] as number);
      out[2 * row + 1] = sigmoid(-(values[row] as number));
      continue;
    }
    let sum = 0;
    for (let at = row * classes; at < (row + 1) * classes; at++) sum += out[at] = sigmoid(values[at] as number);
    for (let at = row * classes; at < (row + 1) * classes; at++) out[at] = (out[at] as number) / sum;
  }
  return out;
}
