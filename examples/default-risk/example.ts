import type { BuiltExample } from '../example.ts';
import { buildLearned, type Lesson } from '../learned.ts';

/** Whether a loan will not be paid back, from categories and numbers with gaps. The loans are simulated. */
export const lesson: Lesson = {
  name: 'default-risk',
  table: 'loans.csv',
  recipe: { target: 'default', kind: 'logistic', time: 'applied' },
  card: {
    intendedUse:
      'An example with categories, gaps and probabilities, learned from the past and tested on what came later.',
    limits: 'The loans are simulated: it knows how the simulation works, and nothing about people. Never lend by it.',
    data: 'loans.csv, simulated by generate.ts',
    license: 'generated; no rights reserved',
  },
  summary: ({ rows, result }) =>
    `logistic regression on ${rows.train} simulated loans: AUC ${result.metrics.auc?.toFixed(3)} on the ${rows.test} after them`,
};

export const build = (): Promise<BuiltExample> => buildLearned(import.meta.url, lesson);
