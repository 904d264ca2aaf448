import { type Labels, labelSpec, labelTensor, probabilitySpec } from '../labels.ts';
import { type Batch, rowCursor } from '../rows.ts';
import type { TensorSpec } from '../signature.ts';
import { fp64, type Tensor } from '../tensor.ts';
import { pairCount, pairsOf } from './pairs.ts';
import { couple, type Platt, pairProbability } from './platt.ts';
import type { Scorer } from './scorer.ts';
import type { ClassifierSvm } from './svm-machine.ts';
import { groupedSums, singleSum } from './svm-sums.ts';

/** One decision a pair of classes, and the label with the most votes. */
export function classifierScorer(svm: ClassifierSvm): Scorer {
  const { labels, platt, toward } = svm;
  const classes = labels.values.length;
  const decide = decisions(svm);
  const decisionSpec = decisionSpecOf(labels, toward);
  return {
    outputs: platt ? [labelSpec(labels), probabilitySpec(labels), decisionSpec] : [labelSpec(labels), decisionSpec],
    score(rows) {
      const values = decide(rows);
      const answers = new Map<string, Tensor>([['predict', labelTensor(labels, vote(values, classes))]]);
      if (platt) {
        answers.set('predict_proba', fp64([rows.count, classes], probabilities(values, classes, platt)));
      }
      if (classes === 2 && toward === 1) for (let i = 0; i < values.length; i++) values[i] = -(values[i] as number);
      const shape = classes === 2 ? [rows.count] : [rows.count, pairCount(classes)];
      return answers.set('decision_function', fp64(shape, values));
    },
  };
}

function decisionSpecOf({ values }: Labels, toward: 0 | 1): TensorSpec {
  const columns = pairsOf(values.length).map(([i, j]) => ({ for: values[i], against: values[j] }));
  const [pair] = columns;
  const stated = columns.length === 1 && toward === 1 ? [{ for: pair?.against, against: pair?.for }] : columns;
  const shape = columns.length === 1 ? [-1] : [-1, columns.length];
  return { name: 'decision_function', datatype: 'FP64', shape, parameters: { columns: stated } };
}

function decisions(svm: ClassifierSvm): (rows: Batch) => Float64Array {
  const { coefficients, vectorsPerClass, rho } = svm;
  const pairs = pairsOf(vectorsPerClass.length);
  // One pair is one sum over all vectors; of more, each class has a sum against every other.
  const { sums, lines, measure } =
    pairs.length === 1 ? singleSum(svm, coefficients) : groupedSums(svm, coefficients, vectorsPerClass);
  const decide = ([i, j]: readonly [number, number]): number =>
    pairs.length === 1 ? (sums[0] as number) : (sums[i * lines + j - 1] as number) + (sums[j * lines + i] as number);
  return (rows) => {
    const out = new Float64Array(rows.count * pairs.length);
    const cursor = rowCursor(rows);
    for (let row = 0, at = 0; row < rows.count; row++) {
      measure(cursor.values, cursor.at(row));
      for (let pair = 0; pair < pairs.length; pair++, at++) {
        out[at] = decide(pairs[pair] as readonly [number, number]) - (rho[pair] as number);
      }
    }
    return out;
  };
}

/** A positive decision is a vote for i, any other for j; ties go to the first label. */
function vote(values: Float64Array, classes: number): Int32Array {
  const pairs = pairsOf(classes);
  const best = new Int32Array(values.length / pairs.length);
  const votes = new Int32Array(classes);
  for (let row = 0, at = 0; row < best.length; row++) {
    votes.fill(0);
    for (const [i, j] of pairs) {
      const winner = (values[at++] as number) > 0 ? i : j;
      votes[winner] = (votes[winner] as number) + 1;
    }
    best[row] = votes.indexOf(Math.max(...votes));
  }
  return best;
}

function probabilities(values: Float64Array, classes: number, { a, b, coupled }: Platt): Float64Array {
  const pairs = pairsOf(classes);
  const count = values.length / pairs.length;
  const out = new Float64Array(count * classes);
  const r = new Float64Array(classes * classes);
  for (let row = 0; row < count; row++) {
    pairs.forEach(([i, j], pair) => {
      const first = pairProbability(values[row * pairs.length + pair] as number, a[pair] as number, b[pair] as number);
      r[i * classes + j] = first;
      r[j * classes + i] = 1 - first;
    });
    couple(r, out.subarray(row * classes, (row + 1) * classes), coupled);
  }
  return out;
}
