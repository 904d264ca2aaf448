// argv: as machine.ts has it. LIBSVM compiled to WebAssembly.
import { createRequire } from 'node:module';
import { readSample } from '../sample-files.ts';
import { timed } from '../timed.ts';
import { listOf, listsOf } from './lists.ts';
import { type Fitted, taskOf } from './machine.ts';

interface Svm {
  train(samples: readonly (readonly number[])[], labels: readonly number[]): void;
  getSVIndices(): number[];
  serializeModel(): string;
  free(): void;
}

const load = createRequire(new URL('../peers/package.json', import.meta.url));
const SVM = (await load('libsvm-js/wasm')) as new (options: Readonly<Record<string, number | boolean>>) => Svm;

const { folder, name, C, gamma, tolerance, times } = taskOf(process.argv.slice(2));
const sample = await readSample(folder, name);
const [rows, labels] = [listsOf(sample.rows), listOf(sample.targets)];
const svm = new SVM({ type: 0, kernel: 2, cost: C, gamma, tolerance, cacheSize: 512, quiet: true });
const { first, seconds, processor } = timed(() => svm.train(rows, labels), times);

/** The text of a LIBSVM model: a heading, then a line a support vector, coefficients before its values. */
const [heading = '', vectors = ''] = svm.serializeModel().split(/^SV\n/m);
const columns = vectors
  .trim()
  .split('\n')
  .map((line) =>
    line
      .split(' ')
      .filter((cell) => cell !== '' && !cell.includes(':'))
      .map(Number),
  );
const perClass = (/^nr_sv (.*)$/m.exec(heading)?.[1] ?? '').trim().split(' ').map(Number);
const fitted: Fitted = {
  first,
  seconds,
  processor,
  vectors: columns.length,
  machine: {
    indices: svm.getSVIndices(),
    perClass,
    coefficients: perClass.slice(1).map((_, k) => columns.map((column) => column[k] as number)),
  },
};
console.info(JSON.stringify(fitted));
