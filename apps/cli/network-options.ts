import { type Command, InvalidArgumentError, Option } from 'commander';
import { NETWORK_KINDS, type NetworkKind } from '../../models/learning/network/network-kinds.ts';
import { NetworkRecipe, parseNetworkRecipe } from '../../models/learning/network/network-recipe.ts';
import { Recipe } from '../../models/learning/recipe.ts';
import { TrainingRefused } from '../../models/learning/training-refused.ts';
import { number } from './numbers.ts';

/** What `train` says of networks alone, as commander reads it. */
export interface NetworkOptions {
  readonly shape?: number[];
  readonly cell?: NetworkRecipe['cell'];
  readonly channels?: number;
  readonly hidden?: number;
  readonly epochs?: number;
  readonly patience?: number;
  readonly batch?: number;
}

export function addNetworkOptions(command: Command): Command {
  return command
    .option(
      '--shape <sizes>',
      'of a row: 1x28x28 or 28x28 for cnn, steps x features for rnn (default: a square; steps of one)',
      sizes,
    )
    .addOption(new Option('--cell <cell>', 'of rnn: Elman, LSTM or GRU (default: rnn)').choices(['rnn', 'lstm', 'gru']))
    .option('--channels <integer>', 'of the first convolution of cnn (default: 16)', number)
    .option('--hidden <integer>', 'units of the hidden layer, or of the state (default: 64)', number)
    .option('--epochs <integer>', 'passes over the rows, at most (default: 100)', number)
    .option('--patience <integer>', 'epochs without improvement before it ends (default: 10)', number)
    .option('--batch <integer>', 'rows a step (default: 64)', number);
}

/** @throws TrainingRefused naming an option that is of networks alone */
export function refuseNetworkOptions(options: object): void {
  const ofNetworks = Object.keys(NetworkRecipe.properties).filter(
    (option) => !Object.hasOwn(Recipe.properties, option),
  );
  const stray = ofNetworks.find((option) => Object.hasOwn(options, option));
  if (stray !== undefined)
    throw new TrainingRefused({ where: `option.${stray}`, rule: `is of ${NETWORK_KINDS.join(' and ')} alone` });
}

/** @throws TrainingRefused naming the option */
export function networkRecipeOf(
  kind: NetworkKind,
  { type, ...options }: object & { readonly type?: unknown },
): NetworkRecipe {
  const stated = { ...options, kind, ...(type !== undefined && { types: type }) };
  const known = Object.keys(NetworkRecipe.properties);
  const stray = Object.keys(stated).find((option) => !known.includes(option));
  if (stray !== undefined) throw new TrainingRefused({ where: `option.${stray}`, rule: `is not of a ${kind}` });
  return parseNetworkRecipe(stated, 'option');
}

function sizes(stated: string): number[] {
  const all = stated.split(/[x,×]/).map(Number);
  if (all.every((size) => Number.isInteger(size) && size > 0)) return all;
  throw new InvalidArgumentError('It must be sizes such as 1x28x28');
}
