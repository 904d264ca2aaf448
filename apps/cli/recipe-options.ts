import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseJson } from '../../models/json.ts';
import { PENALTIES } from '../../models/learning/logistic/penalty.ts';
import { NETWORK_KINDS, type NetworkKind } from '../../models/learning/network/network-kinds.ts';
import { parseRecipe, type Recipe, TRAINED_KINDS } from '../../models/learning/recipe.ts';
import { list } from './list.ts';
import { addNetworkOptions, type NetworkOptions, refuseNetworkOptions } from './network-options.ts';
import { number } from './numbers.ts';
import { readBytes } from './read-bytes.ts';

/** What `train` says of learning itself, as commander reads it. */
export interface RecipeOptions extends NetworkOptions {
  readonly target?: string;
  readonly kind?: Recipe['kind'] | NetworkKind;
  readonly prepare?: string;
  readonly kernel?: Recipe['kernel'];
  readonly C?: number[];
  readonly alpha?: number[];
  readonly gamma?: string;
  readonly epsilon?: number;
  readonly degree?: number;
  readonly coef0?: number;
  readonly penalty?: Recipe['penalty'];
  readonly l1Ratio?: number;
  readonly classWeight?: string;
  readonly probability?: boolean;
  readonly solver?: Recipe['solver'];
  readonly rate?: number;
  readonly tol?: number;
  readonly maxIter?: number;
  readonly seed?: number;
  readonly cv?: number;
  readonly search?: boolean;
  readonly testSize?: number;
  readonly group?: string;
  readonly time?: string;
  readonly weight?: string;
  readonly slice?: string[];
  readonly positive?: string;
  readonly threshold?: number;
  readonly costFalsePositive?: number;
  readonly costFalseNegative?: number;
  readonly intendedUse?: string;
  readonly limits?: string;
  readonly drop?: Recipe['drop'];
  readonly refit?: Recipe['refit'];
  readonly type?: Record<string, string>;
}

/** Adds the flags of a recipe to a command. */
export function addRecipeOptions(command: Command): Command {
  const choice = (flags: string, words: string, choices: readonly string[]) =>
    command.addOption(new Option(flags, words).choices(choices));
  command.option('--target <column>', 'the column to predict (default: target, label, y or class)');
  choice('--kind <kind>', 'what to fit (default: by the target, with the reason)', [
    ...TRAINED_KINDS,
    ...NETWORK_KINDS,
  ]);
  command
    .option('--prepare <recipe>', 'auto, standard, minmax, robust, none, or a JSON file (default: auto)')
    .option('--type <column=type>', 'read a column as number or text; may be repeated', typed);
  choice('--kernel <kernel>', 'of svc and svr (default: rbf)', ['rbf', 'linear', 'poly']);
  command
    .option('--C <numbers>', 'weight of the loss in logistic, svc, svr; several, as in 0.1,1,10, are tried', numbers)
    .option('--alpha <numbers>', 'weight of the penalty in ridge, lasso, elastic-net; several are tried', numbers)
    .option('--gamma <number>', 'scale, auto, or a number; several numbers are tried (default: scale)')
    .option('--epsilon <number>', 'half of the tube of svr without loss', number)
    .option('--degree <integer>', 'of the polynomial kernel', number)
    .option('--coef0 <number>', 'of the polynomial kernel', number);
  choice('--penalty <penalty>', 'of logistic (default: l2)', PENALTIES);
  command
    .option('--l1-ratio <number>', 'share of l1 in elastic-net', number)
    .option('--class-weight <weights>', 'balanced, or JSON such as {"yes": 5}')
    .option('--probability', 'fit probabilities to svc');
  choice('--solver <solver>', 'of linear (default: exact)', ['exact', 'gradient-descent']);
  command
    .option('--rate <number>', 'length of a step of gradient descent', number)
    .option('--tol <number>', 'where an iteration stops: the gap, relative to the objective', number)
    .option('--max-iter <integer>', 'where an iteration gives up', number)
    .option('--seed <integer>', 'of every draw (default: 42)', number)
    .option('--cv <folds>', 'folds of cross-validation', number)
    .option('--search', 'try a log grid of hyperparameters by cross-validation')
    .option('--test-size <share>', 'share of rows held back to evaluate (default: 0.2)', number)
    .option('--group <column>', 'keep rows of one group on one side of every split')
    .option('--time <column>', 'hold back the last rows by this column')
    .option('--weight <column>', 'how much each training row counts');
  command.option('--slice <column>', 'tell test rows apart by this column in the report; may be repeated', collected);
  command
    .option('--positive <label>', 'of two classes the one that is looked for (default: the second)')
    .option('--threshold <share>', 'say the positive class where its probability is at least that', number)
    .option('--cost-false-positive <number>', 'choose the threshold by costs, on training rows out of fold', number)
    .option('--cost-false-negative <number>', 'the same; the other cost is 1 where it is not stated', number)
    .option('--intended-use <text>', 'what the model is for, on its card')
    .option('--limits <text>', 'what it must not be used for, on its card');
  choice('--drop <level>', 'level that one-hot encoding leaves out', ['none', 'first']);
  choice('--refit <rows>', 'fit again on all rows once evaluated', ['all']);
  return addNetworkOptions(command);
}

/** The recipe of these flags. @throws TrainingRefused naming the option, Failure for a file that can't be read */
export async function recipeOf(options: RecipeOptions): Promise<Recipe> {
  const { prepare, C, alpha, gamma, classWeight, tol, maxIter, type, ...same } = options;
  refuseNetworkOptions(options);
  const stated = {
    ...same,
    ...(prepare !== undefined && { prepare: await preparationOf(prepare) }),
    ...(C && { C: single(C) }),
    ...(alpha && { alpha: single(alpha) }),
    ...(gamma !== undefined && { gamma: /^[a-z]/.test(gamma) ? gamma : single(numbers(gamma)) }),
    ...(classWeight !== undefined && { classWeight: weightsOf(classWeight) }),
    ...(tol !== undefined && { tolerance: tol }),
    ...(maxIter !== undefined && { maxIterations: maxIter }),
    ...(type && { types: type }),
  };
  return parseRecipe(stated, 'option');
}

const single = (values: number[]): number | number[] => (values.length === 1 ? (values[0] as number) : values);

const weightsOf = (stated: string): unknown => (stated.startsWith('{') ? parseJson(stated, '--class-weight') : stated);

/** A recipe's name, or what a file says. */
async function preparationOf(stated: string): Promise<unknown> {
  if (!/[./\\]/.test(stated)) return stated;
  return parseJson(new TextDecoder().decode(await readBytes(stated)), stated);
}

const numbers = (stated: string): number[] => list(stated).map(number);

export const collected = (stated: string, before: string[] = []): string[] => [...before, stated];

function typed(stated: string, before: Record<string, string> = {}): Record<string, string> {
  const at = stated.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be such as zip=text');
  return { ...before, [stated.slice(0, at)]: stated.slice(at + 1) };
}
