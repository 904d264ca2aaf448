import type { Formula } from '../../../kinds/formula.ts';
import type { Answers } from './answers.ts';
import type { Graph, Value } from './graph.ts';
import { linearAnswers } from './linear.ts';
import { logisticAnswers } from './logistic.ts';
import { oneVsRestAnswers } from './one-vs-rest.ts';
import { svmAnswers } from './svm.ts';

/** What the formula makes of prepared rows `[rows, columns]`. */
export function answersOf(graph: Graph, formula: Formula, rows: Value): Answers {
  switch (formula.name) {
    case 'linear':
      return linearAnswers(graph, formula.functions, formula.link, rows);
    case 'logistic':
      return logisticAnswers(graph, formula.functions, formula.labels, rows);
    case 'one-vs-rest':
      return oneVsRestAnswers(graph, formula.functions, formula, rows);
    case 'svm':
      return svmAnswers(graph, formula.svm, rows);
  }
}
