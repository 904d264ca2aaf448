import { type BuiltExample, fileBeside, jsonFile } from '../example.ts';
import { reference } from './reference.ts';

/** The file numbers its features; these are their names. Its labels stay the numbers that they are. */
const declaration = { features: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'] };

/** A model as `svm-train` wrote it, with the answers that LIBSVM itself gives. */
export async function build(): Promise<BuiltExample> {
  const { input, predict, predict_proba, decision_function } = reference;
  const golden = {
    inputs: { instances: input },
    outputs: { predict, predict_proba, decision_function },
    tolerance: 1e-9,
  };
  return {
    name: 'iris',
    files: [
      await fileBeside(import.meta.url, 'iris.model'),
      jsonFile('drop.json', declaration),
      jsonFile('examples.json', [golden]),
    ],
    summary: 'a LIBSVM classifier with probabilities, dropped as svm-train wrote it',
  };
}
