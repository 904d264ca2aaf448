// argv: as machine.ts has it.
import { trainSvc } from '../../../models/learning/svm/svc.ts';
import { readSample } from '../sample-files.ts';
import { classesOf } from '../samples.ts';
import { timed } from '../timed.ts';
import { type Fitted, taskOf } from './machine.ts';

const { folder, name, C, gamma, tolerance, times } = taskOf(process.argv.slice(2));
const sample = await readSample(folder, name);
const positions = Int32Array.from(sample.targets);
const kernel = { type: 'rbf', gamma, degree: 3, coef0: 0 } as const;
const classes = classesOf(sample);
const { first, seconds, processor, result } = timed(
  () => trainSvc(sample.rows, positions, { kernel, C, classes, tolerance }),
  times,
);
const fitted: Fitted = {
  first,
  seconds,
  processor,
  vectors: result.supportIndices.length,
  iterations: result.iterations,
  machine: {
    indices: result.supportIndices,
    perClass: result.supportVectorsPerClass,
    coefficients: result.parameters.coefficients as number[][],
  },
};
console.info(JSON.stringify(fitted));
