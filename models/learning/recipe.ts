import type { Static } from 'typebox';
import * as Type from 'typebox';
import { checker } from '../schema.ts';
import { PENALTIES } from './logistic/penalty.ts';
import { TrainingRefused } from './training-refused.ts';

/** What is learned from a table. Each is one entry of the table of algorithms. */
export const TRAINED_KINDS = ['linear', 'ridge', 'lasso', 'elastic-net', 'logistic', 'svc', 'svr'] as const;
export type TrainedKind = (typeof TRAINED_KINDS)[number];

const positive = (description: string) => Type.Number({ exclusiveMinimum: 0, description });
const column = (description: string) => Type.String({ minLength: 1, description });
/** A value, or several that a search tries. */
const oneOrMore = (description: string) =>
  Type.Union([positive(description), Type.Array(positive(description), { minItems: 1, maxItems: 100 })]);
const choice = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: values, description });

const options = {
  target: column('The column to predict.'),
  kind: choice(TRAINED_KINDS, 'Chosen by the target where absent.'),
  prepare: Type.Union([
    choice(['auto', 'standard', 'minmax', 'robust', 'none'], 'A recipe by name.'),
    Type.Object({}, { additionalProperties: true, description: 'A recipe written out.' }),
  ]),
  types: Type.Record(Type.String(), choice(['number', 'text'], 'Read the column so.')),
  C: oneOrMore('Weight of the loss against the penalty.'),
  alpha: oneOrMore('Weight of the penalty against the loss.'),
  l1Ratio: Type.Number({ minimum: 0, maximum: 1, description: 'Share of l1 in an elastic net.' }),
  penalty: choice(PENALTIES, 'Of logistic regression.'),
  kernel: choice(['rbf', 'linear', 'poly'], 'Of a support vector machine.'),
  gamma: Type.Union([choice(['scale', 'auto'], 'By the prepared columns.'), oneOrMore('Width of the kernel.')]),
  degree: Type.Integer({ minimum: 1, maximum: 20, description: 'Of a polynomial kernel.' }),
  coef0: Type.Number({ description: 'Of a polynomial kernel.' }),
  epsilon: Type.Number({ minimum: 0, description: 'Half the width of the tube without loss.' }),
  probability: Type.Boolean({ description: 'Fit probabilities to a support vector machine (Platt).' }),
  classWeight: Type.Union([
    choice(['balanced'], 'n / (K n_k)'),
    Type.Record(Type.String(), positive('Of the class with this label.')),
  ]),
  solver: choice(['exact', 'gradient-descent'], 'Of kind linear.'),
  rate: positive('Length of a step of gradient descent.'),
  tolerance: positive('Where an iteration stops.'),
  maxIterations: Type.Integer({ minimum: 1, description: 'Where an iteration gives up.' }),
  seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1, description: 'Of every draw.' }),
  testSize: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'Share of rows held back.' }),
  cv: Type.Integer({ minimum: 2, maximum: 50, description: 'Folds of cross-validation.' }),
  search: Type.Boolean({ description: 'Try a log grid of hyperparameters by cross-validation.' }),
  group: column('Rows with the same value stay on one side of every split.'),
  time: column('The last rows by this column are held back.'),
  weight: column('How much each training row counts.'),
  slice: Type.Array(column('Test rows are told apart by its values.'), { maxItems: 20 }),
  positive: Type.Union([Type.String(), Type.Number()], { description: 'Of two classes the one that is looked for.' }),
  threshold: Type.Number({
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    description: 'The positive class is answered where its probability is at least that.',
  }),
  costFalsePositive: positive('Chooses the threshold; 1 where only the other is stated.'),
  costFalseNegative: positive('Chooses the threshold; 1 where only the other is stated.'),
  intendedUse: Type.String({ minLength: 1, maxLength: 2000, description: 'For the card: what the model is for.' }),
  limits: Type.String({ minLength: 1, maxLength: 2000, description: 'For the card: what it must not be used for.' }),
  drop: choice(['none', 'first'], 'Level that one-hot encoding leaves out.'),
  refit: choice(['all'], 'Fit again on all rows once evaluated.'),
};

/** How to learn from a table, as the command line, `drop.json` and the API state it. */
export const Recipe = Type.Partial(Type.Object(options), { additionalProperties: false });
export type Recipe = Static<typeof Recipe>;

const check = checker(Recipe);

/** @throws TrainingRefused naming the option, its rule and the value */
export function parseRecipe(value: unknown, where: string): Recipe {
  const verdict = check(value, where);
  if (!verdict.ok) throw new TrainingRefused(verdict.breach);
  return verdict.value;
}
