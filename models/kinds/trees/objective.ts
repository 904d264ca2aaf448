import { type Labels, labelSpec, labelTensor, probabilitySpec } from '../../labels.ts';
import type { TensorSpec } from '../../signature.ts';
import { fp64, type Tensors } from '../../tensor.ts';
import { sigmoid, softmax } from '../softmax.ts';

/** From the sums of leaves, the margins, to what a model answers. */
export interface Objective {
  /** What the margins are measured in, and whether there is a class on either side of one margin. */
  readonly scale: string;
  readonly isTwoSided: boolean;
  readonly outputs: readonly TensorSpec[];
  /** @param margins `count` rows, one number an output of the forest */
  answer(margins: Float64Array, count: number): Tensors;
}

const predictSpec = (targets: number): TensorSpec => ({
  name: 'predict',
  datatype: 'FP64',
  shape: targets === 1 ? [-1] : [-1, targets],
});

/** Numbers: `predict` is this function of the margin. */
export const regression = (targets: number, inverse: (margin: number) => number): Objective => ({
  scale: 'margin',
  isTwoSided: false,
  outputs: [predictSpec(targets)],
  answer: (margins, count) =>
    new Map([['predict', fp64(targets === 1 ? [count] : [count, targets], margins.map(inverse))]]),
});

const marginSpec = ({ values: [against, toward] }: Labels): TensorSpec => ({
  name: 'decision_function',
  datatype: 'FP64',
  shape: [-1],
  parameters: { columns: [{ for: toward, against }] },
});

const marginsSpec = ({ values }: Labels): TensorSpec => ({
  name: 'decision_function',
  datatype: 'FP64',
  shape: [-1, values.length],
  parameters: { labels: values },
});

/** Two classes: the margin speaks for the second one. `slope` times the margin is its log-odds. */
export const binary = (labels: Labels, slope = 1): Objective => ({
  scale: slope === 1 ? 'log_odds' : 'margin',
  isTwoSided: true,
  outputs: [labelSpec(labels), probabilitySpec(labels), marginSpec(labels)],
  answer(margins, count) {
    const best = Int32Array.from(margins, (margin) => (sigmoid(slope * margin) > 0.5 ? 1 : 0));
    const probabilities = new Float64Array(2 * count);
    for (let row = 0; row < count; row++) {
      const p = sigmoid(slope * (margins[row] as number));
      probabilities[2 * row] = 1 - p;
      probabilities[2 * row + 1] = p;
    }
    return new Map([
      ['predict', labelTensor(labels, best)],
      ['predict_proba', fp64([count, 2], probabilities)],
      ['decision_function', fp64([count], margins)],
    ]) as Tensors;
  },
});

/** Two classes without a probability: the sign of the margin decides. */
export const hinge = (labels: Labels): Objective => ({
  scale: 'margin',
  isTwoSided: true,
  outputs: [labelSpec(labels), marginSpec(labels)],
  answer: (margins, count) =>
    new Map([
      [
        'predict',
        labelTensor(
          labels,
          Int32Array.from(margins, (margin) => (margin > 0 ? 1 : 0)),
        ),
      ],
      ['decision_function', fp64([count], margins)],
    ]) as Tensors,
});

/** A margin for each class. */
export const multinomial = (labels: Labels): Objective => ({
  scale: 'margin',
  isTwoSided: false,
  outputs: [labelSpec(labels), probabilitySpec(labels), marginsSpec(labels)],
  answer(margins, count) {
    const classes = labels.values.length;
    const probabilities = new Float64Array(margins.length);
    const best = Int32Array.from({ length: count }, (_, row) =>
      softmax(margins, row * classes, classes, probabilities),
    );
    return new Map([
      ['predict', labelTensor(labels, best)],
      ['predict_proba', fp64([count, classes], probabilities)],
      ['decision_function', fp64([count, classes], margins)],
    ]) as Tensors;
  },
});

/** A margin for each class, each with a probability of its own: they need not sum to 1. */
export const oneVsRest = (labels: Labels, probability: (margin: number) => number): Objective => ({
  scale: 'margin',
  isTwoSided: false,
  outputs: [labelSpec(labels), probabilitySpec(labels), marginsSpec(labels)],
  answer(margins, count) {
    const classes = labels.values.length;
    const probabilities = margins.map(probability);
    const best = Int32Array.from({ length: count }, (_, row) => largest(probabilities, row * classes, classes));
    return new Map([
      ['predict', labelTensor(labels, best)],
      ['predict_proba', fp64([count, classes], probabilities)],
      ['decision_function', fp64([count, classes], margins)],
    ]) as Tensors;
  },
});

/** Position of the largest of `size` numbers, the first of equals. */
function largest(numbers: Float64Array, start: number, size: number): number {
  let best = 0;
  for (let k = 1; k < size; k++) if ((numbers[start + k] as number) > (numbers[start + best] as number)) best = k;
  return best;
}
