import { rowCursor } from '../../rows.ts';
import type { Affine } from '../affine.ts';
import { pairsOf } from '../pairs.ts';
import type { ClassifierSvm, SingleSvm, Svm } from '../svm-machine.ts';
import { affineExplainer } from './affine-explainer.ts';
import type { Explaining } from './explainer.ts';
import { rbfExplainer } from './rbf-explainer.ts';

/** Kernel expansions: row k of `coefficients` and `rho[k]` are those of function k. */
interface Expansions {
  readonly coefficients: Float64Array;
  readonly rho: Float64Array;
}

/** Exact explanations of linear and RBF kernels; undefined for the others, for which none are offered. */
export function svmExplaining(svm: Svm): Explaining | undefined {
  const { kernel } = svm;
  if (kernel.name !== 'linear' && kernel.name !== 'rbf') return undefined;
  const scale = svm.type === 'epsilon_svr' || svm.type === 'nu_svr' ? 'value' : 'decision';
  // What a machine of many classes comes to is worked out when the first row is to be explained.
  return (means) => {
    const expansions = 'labels' in svm ? againstOthers(svm) : alone(svm);
    const explaining =
      kernel.name === 'rbf'
        ? rbfExplainer({ gamma: kernel.gamma, vectors: svm.vectors, ...expansions }, scale)
        : affineExplainer(hyperplanes(svm, expansions), scale);
    return explaining(means);
  };
}

const alone = ({ coefficients, rho }: SingleSvm): Expansions => ({ coefficients, rho: Float64Array.of(rho) });

/** One class against the others: the sum of its decisions against each of them. */
function againstOthers({ labels, vectors, vectorsPerClass, coefficients, rho }: ClassifierSvm): Expansions {
  const [classes, { count }] = [labels.values.length, vectors];
  const sums = { coefficients: new Float64Array(classes * count), rho: new Float64Array(classes) };
  const starts = [0, ...vectorsPerClass].map((_, k) => vectorsPerClass.slice(0, k).reduce((total, n) => total + n, 0));
  for (const [pair, [i, j]] of pairsOf(classes).entries()) {
    const add = (k: number, row: number): void => {
      for (let at = starts[k] as number; at < (starts[k + 1] as number); at++) {
        const coefficient = coefficients[row * count + at] as number;
        sums.coefficients[i * count + at] = (sums.coefficients[i * count + at] as number) + coefficient;
        sums.coefficients[j * count + at] = (sums.coefficients[j * count + at] as number) - coefficient;
      }
    };
    add(i, j - 1);
    add(j, i);
    sums.rho[i] = (sums.rho[i] as number) + (rho[pair] as number);
    sums.rho[j] = (sums.rho[j] as number) - (rho[pair] as number);
  }
  return sums;
}

function hyperplanes({ vectors }: Svm, { coefficients, rho }: Expansions): Affine {
  const { count, width } = vectors;
  const weights = new Float64Array(rho.length * width);
  const cursor = rowCursor(vectors);
  for (let i = 0; i < count; i++) {
    const from = cursor.at(i);
    for (let k = 0; k < rho.length; k++) {
      const coefficient = coefficients[k * count + i] as number;
      for (let column = 0; column < width; column++) {
        const at = k * width + column;
        weights[at] = (weights[at] as number) + coefficient * (cursor.values[from + column] as number);
      }
    }
  }
  return { width, weights, intercept: rho.map((value) => -value) };
}
