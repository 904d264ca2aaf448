import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import { type Labels, labelSpec, labelTensor, probabilitySpec } from '../labels.ts';
import type { TensorSpec } from '../signature.ts';
import { fp64, type Tensors } from '../tensor.ts';
import { type Affine, affine, affineValues } from './affine.ts';
import { affineExplainer, bothWays } from './explain/affine-explainer.ts';
import type { Scorer } from './scorer.ts';
import { sigmoid, softmax } from './softmax.ts';

export const LogisticParameters = Type.Object(
  {
    coefficients: Type.Array(Type.Array(Type.Number()), {
      minItems: 1,
      description: 'One row toward labels[1] for two labels, one row a label for more; one number a feature.',
    }),
    intercept: Type.Array(Type.Number(), { minItems: 1, description: 'One number a row of coefficients.' }),
  },
  { additionalProperties: false },
);
export type LogisticParameters = Static<typeof LogisticParameters>;

/**
 * Logistic regression: a sigmoid toward `labels[1]`, or a softmax over three labels and more.
 * Outputs `predict` `[-1]`, `predict_proba` `[-1, K]`, `decision_function`: log-odds `[-1]` or centred logits `[-1, K]`.
 * @throws ModelFileRefused where coefficients, intercept, labels and features do not fit together
 */
export function logisticScorer(
  { coefficients, intercept }: LogisticParameters,
  labels: Labels,
  width: number,
  where: string,
): Scorer {
  const classes = labels.values.length;
  const vectors = classes === 2 ? 1 : classes;
  if (coefficients.length !== vectors) {
    const rule = `must hold ${vectors} ${vectors === 1 ? 'row' : 'rows'} for ${classes} labels`;
    throw new ModelFileRefused({ where: `${where}.coefficients`, rule, found: coefficients });
  }
  const functions = affine(coefficients, intercept, { width, where });
  return classes === 2 ? binary(functions, labels) : multinomial(functions, labels);
}

function binary(functions: Affine, labels: Labels): Scorer {
  const [against, toward] = labels.values;
  const columns = [{ for: toward, against }];
  const decision: TensorSpec = {
    name: 'decision_function',
    datatype: 'FP64',
    shape: [-1],
    parameters: { columns },
  };
  return {
    outputs: [labelSpec(labels), probabilitySpec(labels), decision],
    explaining: affineExplainer(bothWays(functions, 1), 'log_odds'),
    formula: { name: 'logistic', functions, labels },
    score(rows) {
      const logOdds = affineValues(functions, rows);
      const best = new Int32Array(rows.count);
      const probabilities = new Float64Array(2 * rows.count);
      for (let row = 0; row < rows.count; row++) {
        const z = logOdds[row] as number;
        best[row] = z > 0 ? 1 : 0;
        probabilities[2 * row] = sigmoid(-z);
        probabilities[2 * row + 1] = sigmoid(z);
      }
      return answer(labels, best, probabilities, fp64([rows.count], logOdds));
    },
  };
}

function multinomial(functions: Affine, labels: Labels): Scorer {
  const classes = labels.values.length;
  const decision: TensorSpec = {
    name: 'decision_function',
    datatype: 'FP64',
    shape: [-1, classes],
    parameters: { labels: labels.values },
  };
  return {
    outputs: [labelSpec(labels), probabilitySpec(labels), decision],
    explaining: affineExplainer(functions, 'centred_logit', true),
    formula: { name: 'logistic', functions, labels },
    score(rows) {
      const logits = affineValues(functions, rows);
      const best = new Int32Array(rows.count);
      const probabilities = new Float64Array(logits.length);
      for (let row = 0; row < rows.count; row++) {
        best[row] = softmax(logits, row * classes, classes, probabilities);
        centre(logits, row * classes, classes);
      }
      return answer(labels, best, probabilities, fp64([rows.count, classes], logits));
    },
  };
}

const answer = (labels: Labels, best: Int32Array, probabilities: Float64Array, decision: ReturnType<typeof fp64>) =>
  new Map([
    ['predict', labelTensor(labels, best)],
    ['predict_proba', fp64([best.length, labels.values.length], probabilities)],
    ['decision_function', decision],
  ]) as Tensors;

/** Logits are free up to a shift; centred, they compare between rows and models. */
function centre(logits: Float64Array, start: number, size: number): void {
  let sum = 0;
  for (let k = start; k < start + size; k++) sum += logits[k] as number;
  for (let k = start; k < start + size; k++) logits[k] = (logits[k] as number) - sum / size;
}
