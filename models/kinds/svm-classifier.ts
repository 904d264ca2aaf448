import { type Labels, labelSpec, labelTensor, probabilitySpec } from '../labels.ts';
import { type Batch, rowCursor } from '../rows.ts';
import type { TensorSpec } from '../signature.ts';
import { fp64, type Tensor } from '../tensor.ts';
import { kernelLoop } from './kernel.ts';
import { pairCount, pairsOf } from './pairs.ts';
import { couple, type Platt, pairProbability } from './platt.ts';
import type { Scorer } from './scorer.ts';
import type { ClassifierSvm } from './svm-machine.ts';

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
  const { kernel, vectors, coefficients, vectorsPerClass, rho } = svm;
  const fill = kernelLoop(kernel, vectors);
  const k = new Float64Array(vectors.count);
  const starts = startsOf(vectorsPerClass);
  const pairs = pairsOf(vectorsPerClass.length);
  const half = (row: number, of: number): number => {
    const coefficient = row * vectors.count;
    let sum = 0;
    for (let i = starts[of] as number; i < (starts[of + 1] as number); i++) {
      sum += (coefficients[coefficient + i] as number) * (k[i] as number);
    }
    return sum;
  };
  return (rows) => {
    const out = new Float64Array(rows.count * pairs.length);
    const cursor = rowCursor(rows);
    for (let row = 0, at = 0; row < rows.count; row++) {
      fill(cursor.values, cursor.at(row), k);
      for (let pair = 0; pair < pairs.length; pair++, at++) {
        const [i, j] = pairs[pair] as readonly [number, number];
        out[at] = half(j - 1, i) + half(i, j) - (rho[pair] as number);
      }
    }
    return out;
  };
}

function startsOf(sizes: readonly number[]): readonly number[] {
  let total = 0;
  return [0, ...sizes.map((size) => (total += size))];
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

function probabilities(values: Float64Array, classes: number, { a, b }: Platt): Float64Array {
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
    couple(r, out.subarray(row * classes, (row + 1) * classes));
  }
  return out;
}
