import type { BuiltExample } from '../example.ts';
import { buildLearned, type Lesson } from '../learned.ts';

/** Handwritten digits of 8 x 8 grey values, told apart by 45 pairwise machines. */
export const lesson: Lesson = {
  name: 'digits-svm',
  table: 'digits.csv',
  rows: { train: 'digits.train.idx', test: 'digits.test.idx' },
  recipe: { target: 'target', kind: 'svc', prepare: 'none', kernel: 'rbf', C: 1 },
  card: {
    intendedUse: 'An example of a support vector machine with many classes, whose answers can be explained by pixel.',
    limits: 'Digits as 43 people wrote them on forms, centred and scaled to 8 x 8. A photograph is another matter.',
    data: 'Optical Recognition of Handwritten Digits (test part)',
    license: 'CC BY 4.0',
  },
  summary: ({ rows, result }) =>
    `SVM, RBF kernel, on ${rows.train} digits: accuracy ${result.metrics.accuracy?.toFixed(3)} on ${rows.test} others`,
};

export const build = (): Promise<BuiltExample> => buildLearned(import.meta.url, lesson);
