import type { BuiltExample } from '../example.ts';
import { buildLearned, type Lesson } from '../learned.ts';

/** How far a disease goes within a year, by ten measurements. */
export const lesson: Lesson = {
  name: 'diabetes',
  table: 'diabetes.csv',
  rows: { train: 'diabetes.train.idx', test: 'diabetes.test.idx' },
  recipe: { target: 'target', kind: 'linear', prepare: 'standard' },
  card: {
    intendedUse: 'An example of regression whose every answer can be explained by a sum.',
    limits: 'No medical device: 442 patients of one study. Ten measurements explain less than half of the variance.',
    data: 'Diabetes (Efron, Hastie, Johnstone and Tibshirani, 2004)',
    license: 'BSD-3-Clause, as scikit-learn ships it',
  },
  summary: ({ rows, result }) =>
    `least squares on ${rows.train} patients: R2 ${result.metrics.r2?.toFixed(3)} on ${rows.test} others`,
};

export const build = (): Promise<BuiltExample> => buildLearned(import.meta.url, lesson);
