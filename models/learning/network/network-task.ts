import { TrainingRefused } from '../training-refused.ts';
import type { NetworkKind } from './network-kinds.ts';
import type { NetworkRecipe } from './network-recipe.ts';

/** What the program that trains is told: a network, and how it learns. */
export interface NetworkTask {
  readonly kind: NetworkKind;
  /** Channels, height and width of an image; or steps, and features a step. */
  readonly shape: readonly number[];
  /** 0 for a number. */
  readonly classes: number;
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly channels: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly patience: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
}

const defaults = {
  cell: 'rnn',
  channels: 16,
  hidden: 64,
  epochs: 100,
  patience: 10,
  batch: 64,
  rate: 2e-3,
} as const satisfies Partial<NetworkTask>;

/** @throws TrainingRefused where an option is not of this kind of network, or the shape does not fit the features */
export function networkTask(
  kind: NetworkKind,
  recipe: NetworkRecipe,
  { features, classes, seed }: { readonly features: number; readonly classes: number; readonly seed: number },
): NetworkTask {
  refuseOthers(kind, recipe);
  const { cell, channels, hidden, epochs, patience, batch, rate } = { ...defaults, ...recipe };
  const shape = kind === 'cnn' ? imageShape(recipe.shape, features) : stepShape(recipe.shape, features);
  return { kind, shape, classes, cell, channels, hidden, epochs, patience, batch, rate, seed };
}

function refuseOthers(kind: NetworkKind, { cell, channels }: NetworkRecipe): void {
  if (kind === 'cnn' && cell !== undefined) throw notOf('cell', kind, cell);
  if (kind === 'rnn' && channels !== undefined) throw notOf('channels', kind, channels);
}

const notOf = (where: string, kind: NetworkKind, found: unknown): TrainingRefused =>
  new TrainingRefused({ where, rule: `is not of a ${kind}`, found });

/** A square of one channel, where nobody says otherwise. */
function imageShape(stated: readonly number[] | undefined, features: number): readonly number[] {
  const side = Math.sqrt(features);
  const shape = stated ?? (Number.isInteger(side) && side > 1 ? [side, side] : undefined);
  if (shape === undefined)
    throw new TrainingRefused({
      where: 'shape',
      rule: `must be stated as height x width or channels x height x width: ${features} features are no square`,
    });
  return fitting(shape.length === 2 ? [1, ...shape] : shape, features);
}

function stepShape(stated: readonly number[] | undefined, features: number): readonly number[] {
  if (stated?.length === 3)
    throw new TrainingRefused({ where: 'shape', rule: 'of an rnn must be steps x features', found: stated.join('x') });
  return fitting(stated ?? [features, 1], features);
}

function fitting(shape: readonly number[], features: number): readonly number[] {
  const product = shape.reduce((all, size) => all * size, 1);
  if (product === features) return shape;
  throw new TrainingRefused({
    where: 'shape',
    rule: `must hold the ${features} features of a row`,
    found: shape.join('x'),
  });
}
