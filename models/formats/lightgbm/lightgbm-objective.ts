import { sigmoid } from '../../kinds/softmax.ts';
import { binary, multinomial, type Objective, oneVsRest, regression } from '../../kinds/trees/objective.ts';
import type { Labels } from '../../labels.ts';
import type { LightgbmHeader } from './lightgbm-text.ts';

/** What becomes of the sums of leaves, once it is known how many there are and what the classes are called. */
export interface Family {
  /** 0 where the model predicts numbers. */
  readonly classes: number;
  /** Trees of one iteration, where the objective says how many. */
  readonly outputs?: number;
  /** @param labels there for every family that classifies */
  objective(outputs: number, labels: Labels | undefined): Objective;
}

const identity = (value: number): number => value;
const signedSquare = (value: number): number => Math.sign(value) * value * value;

const numbers = (inverse: (margin: number) => number): Family => ({
  classes: 0,
  objective: (outputs) => regression(outputs, inverse),
});
const classes = (count: number, outputs: number, objective: (labels: Labels) => Objective): Family => ({
  classes: count,
  outputs,
  objective: (_, labels) => objective(labels as Labels),
});

/** Targets were square roots where the objective says `sqrt`. */
const squared = new Set(['regression', 'regression_l1', 'fair', 'quantile', 'mape']);

/**
 * By the names that LightGBM writes, https://lightgbm.readthedocs.io/en/stable/Parameters.html#objective. A model without one
 * was trained by a function of its owner's: it answers its sums, as LightGBM does. So do those that rank: the higher the
 * number, the further up.
 */
const families: Readonly<Record<string, (header: LightgbmHeader) => Family>> = {
  regression: () => numbers(identity),
  regression_l1: () => numbers(identity),
  huber: () => numbers(identity),
  fair: () => numbers(identity),
  quantile: () => numbers(identity),
  mape: () => numbers(identity),
  poisson: () => numbers(Math.exp),
  gamma: () => numbers(Math.exp),
  tweedie: () => numbers(Math.exp),
  cross_entropy_lambda: () => numbers((margin) => Math.log1p(Math.exp(margin))),
  lambdarank: () => numbers(identity),
  rank_xendcg: () => numbers(identity),
  custom: () => numbers(identity),
  cross_entropy: () => classes(2, 1, (labels) => binary(labels)),
  binary: (header) => {
    const slope = parameterOf(header, 'sigmoid');
    return classes(2, 1, (labels) => binary(labels, slope));
  },
  multiclass: (header) => {
    const count = parameterOf(header, 'num_class');
    return classes(count, count, multinomial);
  },
  multiclassova: (header) => {
    const [count, slope] = [parameterOf(header, 'num_class'), parameterOf(header, 'sigmoid')];
    return classes(count, count, (labels) => oneVsRest(labels, (margin) => sigmoid(slope * margin)));
  },
};

/** Names of releases before 2.3. */
const former: Readonly<Record<string, string>> = { xentropy: 'cross_entropy', xentlambda: 'cross_entropy_lambda' };

/** @throws ModelFileRefused for objectives that are not known, or lack a parameter */
export function familyOf(header: LightgbmHeader): Family {
  const [stated = 'custom', ...parameters] = header.words('objective');
  const name = former[stated] ?? stated;
  const family = Object.hasOwn(families, name) ? families[name] : undefined;
  if (family === undefined) header.refuse('objective', `must be one of ${Object.keys(families).join(', ')}`, stated);
  if (parameters.includes('sqrt') && squared.has(name)) return numbers(signedSquare);
  return family(header);
}

/** `sigmoid:1`, behind the name of the objective. */
function parameterOf(header: LightgbmHeader, name: 'sigmoid' | 'num_class'): number {
  const word = header.words('objective').find((candidate) => candidate.startsWith(`${name}:`));
  const value = Number(word?.slice(name.length + 1) || Number.NaN);
  const fits =
    name === 'sigmoid' ? value > 0 && value < Number.POSITIVE_INFINITY : Number.isSafeInteger(value) && value >= 2;
  return fits ? value : header.refuse('objective', `must state ${name}`, word);
}
