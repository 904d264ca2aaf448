// argv: as machine.ts has it. Of two classes only.
import { createRequire } from 'node:module';
import { seededRandom } from '../../../models/learning/random.ts';
import { readSample } from '../sample-files.ts';
import { timed } from '../timed.ts';
import { listOf, listsOf } from './lists.ts';
import { type Fitted, taskOf } from './machine.ts';

interface Svm {
  readonly alphas: readonly number[];
  train(samples: readonly (readonly number[])[], labels: readonly number[]): void;
  supportVectors(): number[];
}

const load = createRequire(new URL('../peers/package.json', import.meta.url));
const SVM = load('ml-svm') as new (options: object) => Svm;

const { folder, name, C, gamma, tolerance, times } = taskOf(process.argv.slice(2));
const sample = await readSample(folder, name);
const labels = listOf(sample.targets).map((target) => (target > 0 ? 1 : -1));
const rows = listsOf(sample.rows);
const kernelOptions = { sigma: 1 / Math.sqrt(2 * gamma) };
const { first, seconds, processor, result } = timed(() => {
  const { next } = seededRandom(1);
  const svm = new SVM({ C, tol: tolerance, kernel: 'rbf', kernelOptions, whitening: false, random: next });
  svm.train(rows, labels);
  return svm;
}, times);
const vectors = result.supportVectors();
const ordered = Array.from(vectors.keys()).sort(
  (a, b) => (labels[vectors[b] as number] as number) - (labels[vectors[a] as number] as number),
);
const signOf = (at: number): number => labels[vectors[at] as number] as number;
const fitted: Fitted = {
  first,
  seconds,
  processor,
  vectors: vectors.length,
  machine: {
    indices: ordered.map((at) => vectors[at] as number),
    perClass: [1, -1].map((sign) => ordered.filter((at) => signOf(at) === sign).length),
    coefficients: [ordered.map((at) => signOf(at) * (result.alphas[at] as number))],
  },
};
console.info(JSON.stringify(fitted));
