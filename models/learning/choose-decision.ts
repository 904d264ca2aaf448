import type { Answers } from './answers.ts';
import { type Costs, cheapestThreshold, costSteps } from './costs.ts';
import type { Problem } from './problem.ts';
import type { Recipe } from './recipe.ts';
import { TrainingRefused } from './training-refused.ts';

/** When the model says yes, and where that comes from. */
export interface Chosen {
  readonly positive: string | number;
  readonly threshold?: number;
  /** In words, where there is a threshold. */
  readonly from?: string;
}

/** Whether the recipe wants a threshold that is chosen by what errors cost. */
export const costsOf = ({ costFalsePositive, costFalseNegative }: Recipe): Costs | undefined =>
  costFalsePositive === undefined && costFalseNegative === undefined
    ? undefined
    : { falsePositive: costFalsePositive ?? 1, falseNegative: costFalseNegative ?? 1 };

/**
 * The decision that a recipe states, or has chosen by costs on answers to training rows out of fold: never on test rows.
 * Undefined where it states none.
 * @throws TrainingRefused naming the option that does not fit the problem
 */
export function chooseDecision(
  problem: Problem,
  recipe: Recipe,
  outOfFold: () => Answers | undefined,
): Chosen | undefined {
  const { threshold } = recipe;
  const costs = costsOf(recipe);
  if (recipe.positive === undefined && threshold === undefined && costs === undefined) return undefined;
  const positive = positiveLabel(problem, recipe);
  if (threshold === undefined && costs === undefined) return { positive };
  if (problem.kind === 'svc' && !recipe.probability) {
    const where = threshold === undefined ? 'cost' : 'threshold';
    throw new TrainingRefused({ where, rule: 'needs probabilities, which --probability fits to svc' });
  }
  if (costs === undefined) return { positive, threshold: threshold as number, from: 'stated' };
  if (threshold !== undefined)
    throw new TrainingRefused({ where: 'threshold', rule: 'must be absent where costs choose it', found: threshold });
  const answers = outOfFold();
  if (answers?.task !== 'classification' || answers.probabilities === undefined)
    throw new TrainingRefused({
      where: 'cost',
      rule: 'needs rows enough for folds, to choose a threshold out of fold',
    });
  const position = answers.labels.findIndex((label) => String(label) === String(positive));
  const { falsePositive, falseNegative } = costs;
  return {
    positive,
    threshold: cheapestThreshold(costSteps(answers.truth, answers.probabilities, position, costs), costs),
    from: `the cheapest on ${answers.truth.length} training rows out of fold, where a false positive costs ${falsePositive} and a false negative ${falseNegative}`,
  };
}

/** The stated label, or the second of two. */
function positiveLabel({ truth }: Problem, { positive, threshold }: Recipe): string | number {
  const where = positive !== undefined ? 'positive' : threshold !== undefined ? 'threshold' : 'cost';
  const values = truth.task === 'classification' ? truth.labels.values : [];
  if (values.length !== 2)
    throw new TrainingRefused({ where, rule: 'is for a target of two classes', found: values.length });
  const label = positive === undefined ? values[1] : values.find((one) => String(one) === String(positive));
  if (label !== undefined) return label;
  throw new TrainingRefused({ where, rule: `must be one of the classes ${values.join(', ')}`, found: positive });
}
