import { svmExplaining } from './explain/svm-explainer.ts';
import type { Scorer } from './scorer.ts';
import { classifierScorer } from './svm-classifier.ts';
import type { Svm } from './svm-machine.ts';
import { novelty, regressor } from './svm-single.ts';

/**
 * Support vector machines. Classifiers answer `predict` by votes, `decision_function` and, with Platt's sigmoids,
 * `predict_proba`; one-class `predict` +1 or -1 and `decision_function`; regression `predict`.
 */
export function svmScorer(svm: Svm): Scorer {
  const explaining = svmExplaining(svm);
  return { ...bare(svm), formula: { name: 'svm', svm }, ...(explaining && { explaining }) };
}

function bare(svm: Svm): Scorer {
  switch (svm.type) {
    case 'c_svc':
    case 'nu_svc':
      return classifierScorer(svm);
    case 'one_class':
      return novelty(svm);
    default:
      return regressor(svm);
  }
}
