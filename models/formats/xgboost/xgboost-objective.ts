import { ModelFileRefused } from '../../errors.ts';
import { sigmoid } from '../../kinds/softmax.ts';
import { binary, hinge, multinomial, type Objective, regression } from '../../kinds/trees/objective.ts';
import type { Labels } from '../../labels.ts';

/** What an objective makes of margins, and of `base_score`, which is stated on the scale of the answers. */
export interface Family {
  readonly classifies: boolean;
  /** @param labels there for every family that classifies */
  objective(groups: number, labels: Labels | undefined): Objective;
  /** From the answer to the margin. */
  readonly link: (answer: number) => number;
}

const identity = (value: number): number => value;
const logit = (p: number): number => -Math.log(1 / p - 1);

const numbers = (inverse: (margin: number) => number, link: (answer: number) => number): Family => ({
  classifies: false,
  objective: (groups) => regression(groups, inverse),
  link,
});
const classes = (objective: (labels: Labels) => Objective, link = identity): Family => ({
  classifies: true,
  objective: (_, labels) => objective(labels as Labels),
  link,
});

/** https://xgboost.readthedocs.io/en/stable/parameter.html#learning-task-parameters */
const families: Readonly<Record<string, Family>> = {
  'reg:squarederror': numbers(identity, identity),
  'reg:linear': numbers(identity, identity),
  'reg:absoluteerror': numbers(identity, identity),
  'reg:pseudohubererror': numbers(identity, identity),
  'reg:squaredlogerror': numbers(identity, identity),
  'reg:quantileerror': numbers(identity, identity),
  'reg:logistic': numbers(sigmoid, logit),
  'count:poisson': numbers(Math.exp, Math.log),
  'reg:gamma': numbers(Math.exp, Math.log),
  'reg:tweedie': numbers(Math.exp, Math.log),
  // A number a row, comparable within a query: the higher, the further up.
  'rank:pairwise': numbers(identity, identity),
  'rank:ndcg': numbers(identity, identity),
  'rank:map': numbers(identity, identity),
  'binary:logistic': classes(binary, logit),
  // Its base_score is a margin.
  'binary:logitraw': classes(binary),
  'binary:hinge': classes(hinge),
  'multi:softprob': classes(multinomial),
  'multi:softmax': classes(multinomial),
};

/** @throws ModelFileRefused for objectives of survival, and those that are not known */
export function objectiveOf(name: string, where: string): Family {
  const family = Object.hasOwn(families, name) ? families[name] : undefined;
  if (family !== undefined) return family;
  throw new ModelFileRefused({ where, rule: `must be one of ${Object.keys(families).join(', ')}`, found: name });
}
