import type { Static } from 'typebox';
import * as Type from 'typebox';
import { checker } from '../../schema.ts';
import { Recipe } from '../recipe.ts';
import { TrainingRefused } from '../training-refused.ts';
import { NETWORK_KINDS } from './network-kinds.ts';

const count = (description: string, maximum: number) => Type.Integer({ minimum: 1, maximum, description });
const { target, types, seed, testSize, group, time, slice, intendedUse, limits } = Recipe.properties;

/** How to train a network on a table. */
export const NetworkRecipe = Type.Partial(
  Type.Object({
    kind: Type.Unsafe<(typeof NETWORK_KINDS)[number]>({ type: 'string', enum: NETWORK_KINDS }),
    shape: Type.Array(count('Of one axis.', 4_096), { minItems: 2, maxItems: 3, description: 'Of what a row holds.' }),
    cell: Type.Unsafe<'rnn' | 'lstm' | 'gru'>({ type: 'string', enum: ['rnn', 'lstm', 'gru'] }),
    channels: count('Of the first convolution; each halving of the image doubles them.', 1_024),
    hidden: count('Units of the hidden layer, or of the state.', 8_192),
    epochs: count('Passes over the training rows, at most.', 100_000),
    patience: count('Epochs without a smaller validation loss, after which it ends.', 100_000),
    batch: count('Rows a step.', 65_536),
    rate: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: "Of Adam's steps." }),
    target,
    types,
    seed,
    testSize,
    group,
    time,
    slice,
    intendedUse,
    limits,
  }),
  { additionalProperties: false },
);
export type NetworkRecipe = Static<typeof NetworkRecipe>;

const check = checker(NetworkRecipe);

/** @throws TrainingRefused naming the option, its rule and the value */
export function parseNetworkRecipe(value: unknown, where: string): NetworkRecipe {
  const verdict = check(value, where);
  if (!verdict.ok) throw new TrainingRefused(verdict.breach);
  return verdict.value;
}
